// The generated types refuse what the API refuses. `tsc` fails if an expected error is missing.
import {
  type EventDraft,
  type Problem,
  type SessionView,
  saveStage,
  type TicketDraft,
} from "./generated";

export const draft: EventDraft = { title: "Spring Show", type: "fashion_show", slug: null };

// @ts-expect-error: no such field
export const misspelled: EventDraft = { titel: 5 };

// @ts-expect-error: a date is text
export const mistyped: EventDraft = { date: true };

// @ts-expect-error: no such type of event
export const unknownType: EventDraft = { type: "gala" };

// @ts-expect-error: the amount of a tier is a number
export const tiers: TicketDraft = { tiers: [{ name: "General", unit_amount: "25" }] };

export async function save({ session_id, stages }: SessionView): Promise<Problem | undefined> {
  const title: string | null | undefined = stages.eventSetup.data.title;
  const path = { session_id, stage: "eventSetup" } as const;
  const { error } = await saveStage({ path, body: { title } });
  // @ts-expect-error: no stage has such a field
  await saveStage({ path, body: { titel: 5, date: true } });
  return error;
}
