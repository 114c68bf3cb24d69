import { useId } from "react";

import type { Check } from "../../api/generated";
import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { fieldId } from "../../fields/field";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import type { WizardState } from "../../session/types";
import { useTexts } from "../../texts";
import { clockTime, wholeNumber } from "../../texts/format";
import { firstSentence } from "../../texts/sentences";
import type { Stage } from "../stages";
import type { ReviewStage } from "../useStageReviewPublish";
import { type Passing, passingChecks } from "./passing";

type CheckListsProps = Pick<ReviewStage, "checks" | "blocking" | "warnings" | "lookedAt">;

/** What blocks publishing, what is worth a look, and what passes. */
export function CheckLists({ checks, blocking, warnings, lookedAt }: CheckListsProps) {
  const { review, language } = useTexts();
  const { session, data } = useSession();
  const passing = session === null ? [] : passingChecks(session, checks ?? [], data);
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
            {passing.map((check) => (
              <PassingRow key={check.kind === "stage" ? check.stage : check.kind} check={check} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function PassingRow({ check }: { check: Passing }) {
  const words = usePassingWords(check);
  return (
    <li className="check-row saved">
      <Icon name="tick" />
      <div>
        <b>{words.name}</b>
        {words.about !== undefined && <span className="small secondary">{words.about}</span>}
      </div>
    </li>
  );
}

function usePassingWords(check: Passing): { name: string; about?: string } {
  const { review, stages, language } = useTexts();
  switch (check.kind) {
    case "allStages":
      return { name: review.allStages };
    case "stage":
      return { name: review.stageDone(stages.names[check.stage]) };
    case "stripe":
      return { name: check.paysOut ? review.stripeReady : review.stripeTakes };
    case "room": {
      const [tickets, places] = [check.tickets, check.places].map((n) => wholeNumber(n, language));
      return { name: review.ticketsFit, about: review.places(tickets ?? "", places ?? "") };
    }
    case "address":
      return { name: review.addressFree, about: `${location.host}/e/${check.slug}` };
    case "terms":
      return { name: review.termsAccepted };
  }
}

interface CheckListProps {
  heading: string;
  checks: readonly Check[];
  kind: "blocking" | "warn";
}

/** Checks of one kind, each with a link to what it is about. */
export function CheckList({ heading, checks, kind }: CheckListProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="section-heading mt-0 mb-1.5">
        <h2 className="heading-2" id={id}>
          {heading}
        </h2>
      </div>
      <ul className="list">
        {checks.map((check) => (
          <CheckRow key={`${check.code} ${check.stage}${check.pointer}`} {...{ check, kind }} />
        ))}
      </ul>
    </section>
  );
}

function CheckRow({ check, kind }: { check: Check; kind: CheckListProps["kind"] }) {
  const { review, stages, check: sentence } = useTexts();
  const session = useSession();
  const message = useId();
  const { first, rest } = firstSentence(sentence(check));
  // The review does not name itself, and the sentence about a whole stage begins with its name.
  const isNamed = check.stage === "reviewPublish" || check.code === "stage_invalid";
  const about = rest || (!isNamed && stages.names[check.stage]);
  return (
    <li className={`check-row ${kind}`}>
      <Icon name="alert" />
      <div>
        <b id={message}>{first}</b>
        {about && <span className="small secondary">{about}</span>}
      </div>
      <Link
        className="text-button small"
        href={pathToCheck(session, check)}
        aria-describedby={message}
      >
        {review.actions[check.code] ?? review.change}
      </Link>
    </li>
  );
}

/** The field that a check is about. The page of its stage focuses what the fragment names. */
export function pathToCheck(
  { sessionId, errors }: Pick<WizardState, "sessionId" | "errors">,
  { code, stage, pointer }: { code: string; stage: Stage; pointer: string },
): string {
  const page = paths.stage(sessionId, stage);
  if (code === "payments_not_ready" || code === "payouts_disabled") return `${page}#stripe`;
  // A check of a whole stage: its first error.
  const field = pointer || errors(stage)[0]?.pointer;
  return field ? `${page}#${fieldId(field)}` : page;
}
