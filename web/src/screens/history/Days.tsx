import type { ReactNode } from "react";

import { useIdentityState } from "../../identity/IdentityContext";
import { type Texts, useTexts } from "../../texts";
import { clockTime, dayAndMonth } from "../../texts/format";
import { rowTitle } from "./rowTitle";
import type { Row, StagesData } from "./trail";

interface DaysProps {
  rows: readonly Row[];
  chosen: number | null;
  /** When the draft was begun; null if earlier changes have not been read. */
  begunAt: Date | null;
  now: StagesData;
  /** What opens in place below the chosen row, on narrow screens. */
  detail: ReactNode;
}

/** The changes, newest first, in days. */
export function Days({ rows, chosen, begunAt, now, detail }: DaysProps) {
  const texts = useTexts();
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const day = dayName(texts, row.at);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  const firstDay = begunAt === null ? null : dayName(texts, begunAt);
  if (firstDay !== null && !days.has(firstDay)) days.set(firstDay, []);
  return [...days].map(([day, changes]) => (
    <section key={day} aria-label={day}>
      <h2 className="small day">{day}</h2>
      <ol className="list">
        {changes.map((row) => (
          <li key={row.revision} className={row.revision === chosen ? "notch" : undefined}>
            <RowLink row={row} isChosen={row.revision === chosen} now={now} />
            {row.revision === chosen && detail}
          </li>
        ))}
        {begunAt !== null && day === firstDay && (
          <li>
            <div className="history-row">
              <time className="numeric small" dateTime={begunAt.toISOString()}>
                {clockTime(begunAt, texts.language)}
              </time>
              <b>{texts.history.begun}</b>
              <span className="numeric small tertiary">0</span>
            </div>
          </li>
        )}
      </ol>
    </section>
  ));
}

function RowLink({ row, isChosen, now }: { row: Row; isChosen: boolean; now: StagesData }) {
  const texts = useTexts();
  return (
    <a
      className="history-row"
      href={`#${row.revision}`}
      aria-current={isChosen ? "true" : undefined}
    >
      <time className="numeric small" dateTime={row.at.toISOString()}>
        {clockTime(row.at, texts.language)}
      </time>
      <div>
        <b>{rowTitle(texts, row, (stage) => now[stage])}</b>
        <span className="small secondary">
          <Who row={row} />
        </span>
      </div>
      <span className="numeric small tertiary">
        <span className="visually-hidden">{texts.history.revisionWord} </span>
        {row.revision}
      </span>
    </a>
  );
}

/** Who made a change, by name. */
export function Who({ row }: { row: Row }) {
  const { history } = useTexts();
  const state = useIdentityState();
  if (row.actorId === null) return history.itself;
  if (row.actorName !== null) return row.actorName;
  return state.kind === "signedIn" && state.person.userId === row.actorId
    ? state.person.name
    : history.someone;
}

function dayName({ history, language }: Texts, moment: Date): string {
  const day = moment.toDateString();
  const today = new Date();
  if (day === today.toDateString()) return history.today;
  today.setDate(today.getDate() - 1);
  return day === today.toDateString() ? history.yesterday : dayAndMonth(moment, language);
}
