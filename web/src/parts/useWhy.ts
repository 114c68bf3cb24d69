import { useFall } from "../session/FallContext";
import { useSession } from "../session/SessionContext";
import { ALL_CHECKS_PASS, STAGES } from "../stages/stages";
import { takesPayment } from "../stages/tickets/tiers";
import { useTexts } from "../texts";
import { ago } from "../texts/format";

const MINUTE = 60_000;

/** One sentence beside the percentage: what waits, why it fell, or what comes next; empty at first. */
export function useWhy(): string {
  const { stages } = useTexts();
  const { session, conflicts, saveState, data } = useSession();
  const fell = useWhyItFell();
  if (session === null) return "";
  const [conflict] = conflicts;
  if (saveState.kind === "closed") return "";
  if (conflict !== undefined) {
    const count = conflicts.filter(({ stage }) => stage === conflict.stage).length;
    return stages.waiting(count, stages.names[conflict.stage]);
  }
  if (fell !== null) return fell;
  const next = STAGES.find((stage) => session.completion_details[stage] < 100);
  if (next === undefined) return stages.ready;
  if (next === "reviewPublish") {
    if (session.completion_details[next] === ALL_CHECKS_PASS) return stages.onceOut;
    const isPaid = data("ticketSetup").tiers?.some(takesPayment) ?? false;
    return isPaid && session.payments.status !== "ready"
      ? stages.nextStripe(stages.names.ticketSetup)
      : stages.ready;
  }
  const wrong = session.stages[next].errors.filter(({ code }) => code !== "missing").length;
  return wrong > 0
    ? stages.nextToCorrect(wrong, stages.names[next])
    : stages.next(stages.names[next]);
}

/** Why the progress fell; null if it did not. */
export function useWhyItFell(): string | null {
  const { stages, error: sentence, language } = useTexts();
  const { session } = useSession();
  const fall = useFall();
  if (fall === null || session === null) return null;
  const wrong = session.stages[fall.stage].errors.find(({ code }) => code !== "missing");
  const why = wrong === undefined ? stages.fellBy(stages.names[fall.stage]) : sentence(wrong);
  const isNow = Date.now() - fall.at < MINUTE;
  return stages.fell(fall.from, isNow ? null : ago(new Date(fall.at), language), why);
}
