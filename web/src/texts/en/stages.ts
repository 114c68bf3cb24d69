import type { Stage } from "../../stages/stages";

const names: Record<Stage, string> = {
  organizerSetup: "Organizer",
  eventSetup: "Event",
  venueSetup: "Venue",
  ticketSetup: "Tickets",
  sponsorsMedia: "Sponsors and media",
  reviewPublish: "Review",
};

/** On buttons, where room is short. */
const shortNames: Record<Stage, string> = { ...names, sponsorsMedia: "Sponsors" };

export const stages = {
  names,
  shortNames,
  position: (number: number) => `${number} of 6`,
  percentDone: (percent: number) => `${percent} per cent done`,
  percent: (percent: number) => `, ${percent} per cent`,
  done: "Done",
  notBegun: "Not begun",
  notBegunOptional: "Not begun, optional",
  toCorrect: (count: number) => (count === 1 ? "1 thing to correct" : `${count} things to correct`),
  toCome: (count: number) => (count === 1 ? "1 thing missing" : `${count} things missing`),
  checksPass: (percent: number) => `${percent} % of the checks pass`,
  allChecksPass: "All checks pass",
  toChoose: (count: number) => `${count} to choose`,
  next: (stage: string) => `Next: ${stage}.`,
  waiting: (count: number, stage: string) =>
    count === 1
      ? `Waiting for you: one field under ${stage}.`
      : `Waiting for you: ${count} fields under ${stage}.`,
  fell: (from: number, ago: string | null, why: string) =>
    `Fell from ${from} ${ago ?? "just now"}: ${why}`,
  fellBy: (stage: string) => `something is missing under ${stage} now.`,
  nextToCorrect: (count: number, stage: string) =>
    count === 1
      ? `Next: one thing to correct under ${stage}.`
      : `Next: ${count} things to correct under ${stage}.`,
  nextStripe: (stage: string) => `Next: Stripe, under ${stage}.`,
  onceOut: "100 once it is published.",
  ready: "Everything is there. Review it, and publish.",
  backTo: (stage: string) => `Back to ${stage}`,
  continueTo: (stage: string) => `Continue to ${stage}`,
  open: "Stages",
  current: "Current stage",
};
