import { useEffect, useRef } from "react";

import type { FieldError } from "../../api/generated";
import { Note } from "../../parts/Note";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import type { ReviewStage } from "../useStageReviewPublish";
import { Reasons } from "./Reasons";

/** Why the API did not begin to publish. */
export function Refusal({ refusal, checks }: Pick<ReviewStage, "refusal" | "checks">) {
  const { review } = useTexts();
  const { session } = useSession();
  const note = useRef<HTMLDivElement>(null);
  // The button is far below it.
  useEffect(() => {
    if (refusal !== null) note.current?.focus();
  }, [refusal]);
  const isListed = ({ code, stage }: FieldError) =>
    checks?.some((check) => check.code === code && check.stage === stage);
  // A publication that began and failed is shown itself.
  if (refusal === null || session?.publication.state === "failed") return null;
  const isBlocked = refusal.code === "publish_blocked";
  const found = refusal.problem.errors ?? [];
  const errors = isBlocked ? found.filter((error) => !isListed(error)) : found;
  if (isBlocked && errors.length === 0) return null;
  return (
    <div role="alert" tabIndex={-1} ref={note}>
      {refusal.isUnreachable ? (
        <Note kind="offline" icon="offline" title={review.notReached}>
          <p>{review.notReachedSentence}</p>
        </Note>
      ) : (
        <Note kind="wrong" icon="alert" title={review.refused}>
          <Reasons code={refusal.code} message={refusal.message} errors={errors} />
        </Note>
      )}
    </div>
  );
}
