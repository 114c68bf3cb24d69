import { useEffect, useRef } from "react";

import type { FieldError } from "../../api/generated";
import { Link } from "../../app/Link";
import { Note } from "../../parts/Note";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import type { ReviewStage } from "../useStageReviewPublish";
import { pathToCheck } from "./CheckLists";

/** Why the API did not begin to publish. */
export function Refusal({ refusal, blocking }: Pick<ReviewStage, "refusal" | "blocking">) {
  const { review } = useTexts();
  const { session } = useSession();
  const note = useRef<HTMLDivElement>(null);
  // The button is far below it.
  useEffect(() => {
    if (refusal !== null) note.current?.focus();
  }, [refusal]);
  const isListed = ({ code, stage }: FieldError) =>
    blocking.some((check) => check.code === code && check.stage === stage);
  // A publication that began and failed is shown itself.
  if (refusal === null || session?.publication.state === "failed") return null;
  const errors = (refusal.problem.errors ?? []).filter(
    (error) => error.pointer !== "/publish_at" && !isListed(error),
  );
  const isBlocked = refusal.code === "publish_blocked";
  if (isBlocked && errors.length === 0) return null;
  return (
    <div role="alert" tabIndex={-1} ref={note}>
      {refusal.isUnreachable ? (
        <Note kind="offline" icon="offline" title={review.notReached}>
          <p>{review.notReachedSentence}</p>
        </Note>
      ) : (
        <Note kind="wrong" icon="alert" title={review.refused}>
          {isBlocked ? <Errors errors={errors} /> : <p>{refusal.message}</p>}
        </Note>
      )}
    </div>
  );
}

/** What blocks a publication at the time that was chosen, and not one now. */
function Errors({ errors }: { errors: readonly FieldError[] }) {
  const state = useSession();
  return (
    <ul>
      {errors.map(({ code, stage, pointer, message }) => (
        <li key={`${code} ${stage}${pointer}`}>
          {stage ? (
            <Link href={pathToCheck(state, { code, stage, pointer })}>{message}</Link>
          ) : (
            message
          )}
        </li>
      ))}
    </ul>
  );
}
