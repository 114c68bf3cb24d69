/** The audit trail of a session as a person reads it: rows of what changed, and the data of a revision. */

import type { ActionName, ListedAction } from "../../api/generated";
import { type Difference, differences } from "../../session/differences";
import type { JsonObject } from "../../session/json";
import { SECTIONS, type Section, STAGES, type Stage } from "../../stages/stages";

/** The data of all stages. */
export type StagesData = Readonly<Record<Stage, JsonObject>>;

export interface StageDifference extends Difference {
  stage: Stage;
}

export interface Row {
  /** The revision after the newest change of the row. */
  revision: number;
  name: ActionName;
  stage: Stage | null;
  at: Date;
  /** Null if the session made the change itself. */
  actorId: string | null;
  actorName: string | null;
  /** What it changed; null if the data before it has not been read. */
  changed: readonly StageDifference[] | null;
}

/** Steps of a publication and looks at Stripe come many times, and change nothing of the data. */
const UNTOLD: ReadonlySet<ActionName> = new Set([
  "start_publication",
  "publication_step",
  "check_publication",
  "check_payments",
  "refuse_message",
]);

/** Saves of one person, one after another, are one row if none waits longer than this. */
const TOGETHER = 5 * 60_000;

/**
 * Rows for `actions`, newest first as the API lists them. `isWhole` says that the oldest of them is
 * the session's first one.
 */
export function rowsOf(actions: readonly ListedAction[], isWhole: boolean): Row[] {
  const known = new Map<Stage, JsonObject>(isWhole ? STAGES.map((stage) => [stage, {}]) : []);
  const rows: Row[] = [];
  for (const action of [...actions].reverse()) {
    const changed = changedBy(action, known);
    for (const [stage, data] of written(action)) known.set(stage, data);
    if (UNTOLD.has(action.name)) continue;
    const row = rowOf(action, changed);
    const before = rows.at(-1);
    if (before !== undefined && belongs(row, before)) rows[rows.length - 1] = joined(before, row);
    else rows.push(row);
  }
  return rows.reverse();
}

function rowOf(action: ListedAction, changed: readonly StageDifference[] | null): Row {
  return {
    revision: action.revision,
    name: action.name,
    stage: action.stage ?? null,
    at: new Date(action.at),
    actorId: action.actor_id,
    actorName: action.user_name ?? null,
    changed,
  };
}

function written({ sections }: ListedAction): [Stage, JsonObject][] {
  return Object.entries(sections ?? {}).map(([section, data]) => [
    SECTIONS[section as Section],
    data as JsonObject,
  ]);
}

function changedBy(
  action: ListedAction,
  known: ReadonlyMap<Stage, JsonObject>,
): StageDifference[] | null {
  const found: StageDifference[] = [];
  for (const [stage, data] of written(action)) {
    const before = known.get(stage);
    if (before === undefined) return null;
    found.push(...differencesOf(stage, before, data));
  }
  return found;
}

function belongs(row: Row, before: Row): boolean {
  if (row.revision === before.revision) return true;
  const isTyping = row.name === "save_stage" && before.name === "save_stage";
  const pause = row.at.getTime() - before.at.getTime();
  return isTyping && row.actorId === before.actorId && pause <= TOGETHER;
}

/** Two changes as one, which changed what either did. */
function joined(before: Row, row: Row): Row {
  if (before.changed === null || row.changed === null) return { ...row, changed: null };
  const isSamePlace = (one: StageDifference, other: StageDifference) =>
    one.stage === other.stage && one.path === other.path;
  const later = row.changed;
  const earlier = before.changed.filter((one) => !later.some((other) => isSamePlace(one, other)));
  return { ...row, changed: [...earlier, ...later] };
}

/** The data at a revision; null if an action that wrote it has not been read. */
export function dataAt(
  actions: readonly ListedAction[],
  isWhole: boolean,
  revision: number,
): StagesData | null {
  const found = new Map<Stage, JsonObject>();
  for (const action of actions) {
    if (action.revision > revision) continue;
    for (const [stage, data] of written(action)) if (!found.has(stage)) found.set(stage, data);
  }
  if (!isWhole && found.size < STAGES.length) return null;
  const data = STAGES.map((stage) => [stage, found.get(stage) ?? {}]);
  return Object.fromEntries(data) as StagesData;
}

export function differencesBetween(then: StagesData, now: StagesData): StageDifference[] {
  return STAGES.flatMap((stage) => differencesOf(stage, then[stage], now[stage]));
}

function differencesOf(stage: Stage, before: JsonObject, after: JsonObject): StageDifference[] {
  return differences(before, after).map((difference) => ({ stage, ...difference }));
}
