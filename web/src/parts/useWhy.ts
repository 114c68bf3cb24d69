import { useSession } from "../session/SessionContext";
import { STAGES } from "../stages/stages";
import { useTexts } from "../texts";

/** One sentence beside the percentage: what comes next. */
export function useWhy(): string {
  const { stages } = useTexts();
  const { session } = useSession();
  const next = STAGES.find((stage) => session !== null && session.completion_details[stage] < 100);
  return next === undefined || next === "reviewPublish"
    ? stages.ready
    : stages.next(stages.names[next]);
}
