import type {
  EventDraft,
  OrganizerDraft,
  ReviewDraft,
  SponsorDraft,
  Stage,
  TicketDraft,
  VenueDraft,
} from "../api/generated";

export type { Stage };

/** In the order of the wizard. */
export const STAGES = [
  "organizerSetup",
  "eventSetup",
  "venueSetup",
  "ticketSetup",
  "sponsorsMedia",
  "reviewPublish",
] as const satisfies readonly Stage[];

/** Each stage's share of the whole progress, in percent. */
export const WEIGHTS: Readonly<Record<Stage, number>> = {
  organizerSetup: 15,
  eventSetup: 20,
  venueSetup: 15,
  ticketSetup: 20,
  sponsorsMedia: 15,
  reviewPublish: 15,
};

/** What the review has at most, with all checks passed, before the event is published. */
export const ALL_CHECKS_PASS = 99;

/** The data of each stage, as a merge patch may have it: every field may be null. */
export interface Drafts {
  organizerSetup: OrganizerDraft;
  eventSetup: EventDraft;
  venueSetup: VenueDraft;
  ticketSetup: TicketDraft;
  sponsorsMedia: SponsorDraft;
  reviewPublish: ReviewDraft;
}

/** The names that the earlier front end and `sections` use. */
export const SECTIONS = {
  organizer: "organizerSetup",
  event: "eventSetup",
  venue: "venueSetup",
  ticket: "ticketSetup",
  sponsor: "sponsorsMedia",
  review: "reviewPublish",
} as const satisfies Record<string, Stage>;

export type Section = keyof typeof SECTIONS;

export function isStage(name: string): name is Stage {
  return (STAGES as readonly string[]).includes(name);
}

/** The stage after or before another; null beyond the ends. */
export function neighbour(stage: Stage, step: 1 | -1): Stage | null {
  return STAGES[STAGES.indexOf(stage) + step] ?? null;
}
