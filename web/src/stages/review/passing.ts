import type { Check, CheckCode, SessionView } from "../../api/generated";
import type { Drafts } from "../stages";
import { STAGES, type Stage } from "../stages";
import { takesPayment, ticketsOf, tightestRoom } from "../tickets/tiers";

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
  if (
    tiers.some(takesPayment) &&
    session.payments.status === "ready" &&
    !found.has("payments_not_ready")
  )
    passing.push({ kind: "stripe", paysOut: !found.has("payouts_disabled") });

  const room = tightestRoom(tiers, data("ticketSetup").totalCapacity, data("venueSetup"));
  if (room !== null && isValid("ticketSetup") && isValid("venueSetup")) {
    const isCounted = room.tiers.every(({ quantity }) => typeof quantity === "number");
    const tickets = ticketsOf(room.tiers);
    if (isCounted && tickets > 0 && !found.has("capacity_exceeded"))
      passing.push({ kind: "room", tickets, places: room.places });
  }

  const { slug } = data("eventSetup");
  if (slug && isValid("eventSetup") && !found.has("slug_taken"))
    passing.push({ kind: "address", slug });

  if (isValid("reviewPublish") && !found.has("terms_not_accepted")) passing.push({ kind: "terms" });
  return passing;
}
