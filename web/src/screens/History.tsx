import "../look/components/history.css";

import type { SessionView } from "../api/generated";
import { Link } from "../app/Link";
import { paths, useFragment } from "../app/router";
import { LoadingLines } from "../parts/LoadingLines";
import { SessionBar } from "../parts/SessionBar";
import { useHeadingFocus } from "../parts/useHeadingFocus";
import { useMedia } from "../parts/useMedia";
import type { JsonObject } from "../session/json";
import { useSession } from "../session/SessionContext";
import { STAGES } from "../stages/stages";
import { useTexts } from "../texts";
import { dayAndMonth } from "../texts/format";
import { Days } from "./history/Days";
import { RevisionDetail } from "./history/RevisionDetail";
import { dataAt, differencesBetween, type Row, rowsOf, type StagesData } from "./history/trail";
import { type Trail, useTrail } from "./history/useTrail";

/** Who changed what and when, what has changed since, and the way back. */
export default function History() {
  const { common } = useTexts();
  const { session } = useSession();
  if (session === null) return null;
  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <div className="sticky-top">
        <SessionBar />
      </div>
      <Page session={session} />
    </>
  );
}

function Page({ session }: { session: SessionView }) {
  const { history, states, language } = useTexts();
  const heading = useHeadingFocus();
  const isWide = useMedia("(min-width: 1000px)");
  const trail = useTrail(session.session_id, session.revision);
  const { actions, isWhole } = trail;
  const rows = actions === null ? null : rowsOf(actions, isWhole);
  const now = dataNow(session);
  const wanted = useChosenRevision();
  const chosen = wanted ?? (isWide ? newestDifferent(rows ?? [], trail, now) : null);
  const row = rows?.find(({ revision }) => revision === chosen) ?? null;
  const detail = row !== null && (
    <RevisionDetail key={row.revision} row={row} trail={trail} now={now} />
  );
  return (
    <main className="page history" id="main">
      <div className="history-list">
        <h1 className="heading-1" ref={heading} tabIndex={-1}>
          {history.heading}
        </h1>
        <p className="secondary history-lead">
          {history.lead(dayAndMonth(new Date(session.created_at), language))}{" "}
          {session.is_active && <>{history.goingBack} </>}
          {session.status === "completed" ? (
            <Link
              className="text-button tight"
              href={paths.stage(session.session_id, "reviewPublish")}
            >
              {states.seePublished}
            </Link>
          ) : (
            <Link className="text-button tight" href={paths.session(session.session_id)}>
              {history.back}
            </Link>
          )}
        </p>
        {trail.problem !== null && (
          <p className="field-error" role="alert">
            {history.unreachable}
            <button type="button" className="text-button tight" onClick={trail.reload}>
              {history.tryAgain}
            </button>
          </p>
        )}
        {rows === null && trail.problem === null && <LoadingLines label={history.heading} />}
        {rows !== null && rows.length === 0 && <Empty />}
        {rows !== null && (
          <Days
            rows={rows}
            chosen={row?.revision ?? null}
            begunAt={isWhole ? new Date(session.created_at) : null}
            now={now}
            detail={isWide ? null : detail}
          />
        )}
        {rows !== null && !isWhole && (
          <button type="button" className="text-button" onClick={trail.readEarlier}>
            {history.earlier}
          </button>
        )}
      </div>
      {isWide &&
        (detail || (
          <p className="history-detail secondary">
            {rows !== null && rows.length > 0 && history.choose}
          </p>
        ))}
    </main>
  );
}

/** The newest revision since which something has changed. */
function newestDifferent(
  rows: readonly Row[],
  { actions, isWhole }: Trail,
  now: StagesData,
): number | null {
  const found = rows.find(({ revision }) => {
    const then = dataAt(actions ?? [], isWhole, revision);
    return then !== null && differencesBetween(then, now).length > 0;
  });
  return found?.revision ?? null;
}

function Empty() {
  const { history } = useTexts();
  return (
    <div className="empty">
      <p className="display text-d30">{history.empty}</p>
      <p className="secondary">{history.emptySentence}</p>
    </div>
  );
}

function dataNow(session: SessionView): StagesData {
  const data = STAGES.map((stage) => [stage, session.stages[stage].data as JsonObject]);
  return Object.fromEntries(data) as StagesData;
}

/** The revision in the fragment, as in `/s/…/history#15`. */
function useChosenRevision(): number | null {
  const fragment = useFragment();
  return /^\d+$/.test(fragment) ? Number(fragment) : null;
}
