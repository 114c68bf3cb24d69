import type { Check, CheckCode, SessionView } from "../../api/generated";
import type { Drafts } from "../stages";
import { STAGES, type Stage } from "../stages";

/** A publish check that finds nothing. */
export type Passing =
  | { kind: "allStages" }
  | { kind: "stage"; stage: Stage }
  | { kind: "stripe"; paysOut: boolean }
  | { kind: "room"; tickets: number; places: number }
  | { kind: "address"; slug: string }
  | { kind: "terms" };

/** What passes: the API lists only the checks that find something. */
export function passingChecks(
  session: SessionView,
  checks: readonly Check[],
  data: <S extends Stage>(stage: S) => Drafts[S],
): Passing[] {
  const found = new Set<CheckCode>(checks.map(({ code }) => code));
  const isValid = (stage: Stage) => session.stages[stage].valid;
  const passing: Passing[] = [];

  const sections = STAGES.filter((stage) => stage !== "reviewPublish");
  if (sections.every(isValid)) passing.push({ kind: "allStages" });
  else for (const stage of sections.filter(isValid)) passing.push({ kind: "stage", stage });

  const tiers = data("ticketSetup").tiers ?? [];
  const isPaid = tiers.some(({ unit_amount }) => (unit_amount ?? 0) > 0);
  if (isPaid && session.payments.status === "ready" && !found.has("payments_not_ready"))
    passing.push({ kind: "stripe", paysOut: !found.has("payouts_disabled") });

  const places = fewest(data("ticketSetup").totalCapacity, data("venueSetup").capacity);
  const tickets = tiers.reduce((sum, { quantity }) => sum + (quantity ?? Number.NaN), 0);
  const countsTickets = isValid("ticketSetup") && isValid("venueSetup") && tickets > 0;
  if (countsTickets && places !== null && !found.has("capacity_exceeded"))
    passing.push({ kind: "room", tickets, places });

  const { slug } = data("eventSetup");
  if (slug && isValid("eventSetup") && !found.has("slug_taken"))
    passing.push({ kind: "address", slug });

  if (isValid("reviewPublish") && !found.has("terms_not_accepted")) passing.push({ kind: "terms" });
  return passing;
}

function fewest(...numbers: (number | null | undefined)[]): number | null {
  const known = numbers.filter((number) => typeof number === "number");
  return known.length === 0 ? null : Math.min(...known);
}
