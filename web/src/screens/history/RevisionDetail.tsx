import { type ReactNode, useId, useState } from "react";

import { ApiProblem } from "../../api/client";
import { Proof } from "../../parts/Proof";
import { Words } from "../../parts/Words";
import { EarlierData, useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { clockTime, shortDay } from "../../texts/format";
import { placeName, valueWords } from "../../texts/places";
import { comparedWords } from "../../texts/words";
import { Who } from "./Days";
import {
  dataAt,
  differencesBetween,
  type Row,
  type StageDifference,
  type StagesData,
} from "./trail";
import type { Trail } from "./useTrail";

interface RevisionDetailProps {
  row: Row;
  trail: Trail;
  now: StagesData;
}

/** What has changed since a revision, and the way back to it. */
export function RevisionDetail({ row, trail, now }: RevisionDetailProps) {
  const { history, language } = useTexts();
  const heading = useId();
  const then = dataAt(trail.actions ?? [], trail.isWhole, row.revision);
  const isToday = row.at.toDateString() === new Date().toDateString();
  const time = clockTime(row.at, language);
  const when = isToday ? history.todayAt(time) : history.dayAt(shortDay(row.at, language), time);
  return (
    <section className="history-detail" aria-labelledby={heading}>
      <div className="section-heading mt-0 mb-1">
        <h2 className="heading-2" id={heading}>
          {history.revision(row.revision)}
        </h2>
        <span className="small secondary">
          <Who row={row} />, {when}
        </span>
      </div>
      {then === null ? (
        <p className="small secondary">{history.earlierNeeded}</p>
      ) : (
        <Comparison revision={row.revision} then={then} now={now} />
      )}
    </section>
  );
}

interface ComparisonProps {
  revision: number;
  then: StagesData;
  now: StagesData;
}

function Comparison({ revision, then, now }: ComparisonProps) {
  const { history } = useTexts();
  const [isProofShown, setProofShown] = useState(false);
  const found = differencesBetween(then, now);
  if (found.length === 0) return <p className="small secondary">{history.nothingChanged}</p>;
  return (
    <>
      <p className="small secondary mb-5">{history.changedSince(found.length)}</p>
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">{history.field}</th>
            <th scope="col">{history.was}</th>
            <th scope="col">{history.isNow}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((difference) => (
            <DifferenceRow
              key={`${difference.stage}${difference.path}`}
              {...{ difference, then, now }}
            />
          ))}
        </tbody>
      </table>
      <div className="acts mt-7">
        <Restore revision={revision} hadTerms={now.reviewPublish["acceptedTerms"] !== undefined} />
        <button
          type="button"
          className="text-button"
          aria-expanded={isProofShown}
          onClick={() => setProofShown(!isProofShown)}
        >
          {history.proof}
        </button>
      </div>
      {isProofShown && (
        <div className="earlier-proof">
          <EarlierData stages={then}>
            <Proof />
          </EarlierData>
        </div>
      )}
    </>
  );
}

interface DifferenceRowProps {
  difference: StageDifference;
  then: StagesData;
  now: StagesData;
}

function DifferenceRow({ difference, then, now }: DifferenceRowProps) {
  const texts = useTexts();
  const { history } = texts;
  const { stage, path, from, to } = difference;
  const { field, owner } = placeName(texts, stage, path, now[stage], then[stage]);
  const words = (value: typeof from, data: StagesData) =>
    valueWords(texts, stage, path, value, String(data.ticketSetup["currency"] ?? "usd"));
  const [before, after] = [words(from, then), words(to, now)];
  const [left, right] = comparedWords(before ?? "", after ?? "");
  return (
    <tr>
      <th scope="row">
        {field}
        <span>{owner}</span>
      </th>
      <td className="numeric" data-label={history.was}>
        <Value isEmpty={before === null}>
          <Words pieces={left} as="del" />
        </Value>
      </td>
      <td className="numeric" data-label={history.isNow}>
        <Value isEmpty={after === null}>
          <Words pieces={right} as="ins" />
        </Value>
      </td>
    </tr>
  );
}

function Value({ isEmpty, children }: { isEmpty: boolean; children: ReactNode }) {
  const { values } = useTexts();
  return isEmpty ? <span className="tertiary">{values.empty}</span> : <div>{children}</div>;
}

function Restore({ revision, hadTerms }: { revision: number; hadTerms: boolean }) {
  const { history } = useTexts();
  const { restore, saveState } = useSession();
  const [state, setState] = useState<"ready" | "working" | "failed">("ready");
  if (saveState.kind === "closed") return null;

  async function goBack() {
    setState("working");
    try {
      await restore(revision);
      setState("ready");
    } catch (failure) {
      if (!(failure instanceof ApiProblem)) throw failure;
      setState("failed");
    }
  }

  return (
    <>
      <button type="button" className="button" disabled={state === "working"} onClick={goBack}>
        {state === "working" ? history.restoring : history.restore(revision)}
      </button>
      {hadTerms && state !== "failed" && <p className="small secondary">{history.termsAgain}</p>}
      {state === "failed" && (
        <p className="field-error" role="alert">
          {history.notRestored}
        </p>
      )}
    </>
  );
}
