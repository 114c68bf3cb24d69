import type { Check } from "../../api/generated";
import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { fieldId } from "../../fields/field";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { clockTime } from "../../texts/format";
import { STAGES } from "../stages";
import type { ReviewStage } from "../useStageReviewPublish";

/** What stands in the way, what is worth a look, and what passes. */
export function CheckLists({ blocking, warnings, lookedAt }: ReviewStage) {
  const { review, language } = useTexts();
  const passing = usePassing();
  return (
    <>
      {blocking.length > 0 && (
        <CheckList heading={review.blocking(blocking.length)} checks={blocking} kind="blocking" />
      )}
      {warnings.length > 0 && (
        <CheckList heading={review.warnings(warnings.length)} checks={warnings} kind="warn" />
      )}
      {passing.length > 0 && (
        <details className="more" open={blocking.length === 0}>
          <summary>
            <Icon name="chevron" small />
            {review.passing(passing.length)}
            {lookedAt !== null && (
              <span className="small">{review.lookedAt(clockTime(lookedAt, language))}</span>
            )}
          </summary>
          <ul className="list">
            {passing.map((words) => (
              <li key={words} className="check-row saved">
                <Icon name="tick" />
                <div>
                  <b>{words}</b>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function usePassing(): string[] {
  const { review, stages } = useTexts();
  const { session } = useSession();
  if (session === null) return [];
  const done = STAGES.filter(
    (stage) => stage !== "reviewPublish" && session.stages[stage].valid,
  ).map((stage) => review.stageDone(stages.names[stage]));
  return [
    ...done,
    ...(session.payments.status === "ready" ? [review.stripeReady] : []),
    ...(session.stages.reviewPublish.valid ? [review.termsAccepted] : []),
  ];
}

interface CheckListProps {
  heading: string;
  checks: readonly Check[];
  kind: "blocking" | "warn";
}

function CheckList({ heading, checks, kind }: CheckListProps) {
  const { review, stages } = useTexts();
  const { sessionId } = useSession();
  return (
    <section>
      <div className="section-heading mt-0 mb-1.5">
        <h2 className="heading-2">{heading}</h2>
      </div>
      <ul className="list">
        {checks.map((check) => (
          <li key={`${check.code} ${check.stage}${check.pointer}`} className={`check-row ${kind}`}>
            <Icon name="alert" />
            <div>
              <b>{check.message}</b>
              <span className="small secondary">{stages.names[check.stage]}</span>
            </div>
            <Link className="text-button small" href={pathToCheck(sessionId, check)}>
              {review.change}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The field that a check is about; the browser goes to it by its fragment. */
export function pathToCheck(sessionId: string, { stage, pointer }: Check): string {
  return `${paths.stage(sessionId, stage)}#${fieldId(pointer)}`;
}
