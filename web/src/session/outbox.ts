/**
 * What a person has typed and the API has not acknowledged yet.
 *
 * Each entry keeps the value that the person saw when they began, so that an entry is never laid over
 * a change of another person unseen: not after a reload, and not after an hour offline. All functions
 * are pure; an outbox can be stored as it is.
 */

import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import type { Json, JsonObject } from "./json";
import type { Landing } from "./landings";
import { idsIn, wantedOrder } from "./order";
import { isOrder, isWithin, type Path, valueAt, withValue } from "./paths";

export interface Entry {
  stage: Stage;
  path: Path;
  /** The acknowledged value when the person began to change it; undefined if there was none. */
  base: Json | undefined;
  /** The revision that the person saw when they began. */
  baseRevision: number;
  /** The revision of the newest own save that the base has been moved onto. */
  landedRevision?: number;
  value: Json | undefined;
  /** Milliseconds since 1970. */
  at: number;
  /** When each field of a new element was changed, by its place in the element. */
  times?: Readonly<Record<Path, number>>;
  /** The list's element that the place is in, as it was last: another person may remove it. */
  element?: JsonObject;
  /** The code of the problem with which the API refused it; it is sent again once it is changed. */
  refused?: string;
  /** A save of several entries was refused, and the API did not say for which of them. */
  isAlone?: boolean;
}

/** A save whose outcome is not known: it is repeated with its key until it is. */
export interface Sent {
  key: string;
  stage: Stage;
  /** The revision that it is based on. */
  revision: number;
  /** The stage's data at that revision. */
  data: JsonObject;
  body: JsonObject;
  entries: readonly Entry[];
}

export interface Outbox {
  entries: readonly Entry[];
  sent: Sent | null;
  /** The last saves that were accepted: an entry of another tab may be older than they are. */
  landings: readonly Landing[];
}

export const EMPTY: Outbox = { entries: [], sent: null, landings: [] };

export function dataOf(view: SessionView, stage: Stage): JsonObject {
  return view.stages[stage].data as JsonObject;
}

/** Whether the session can be changed now: it is neither closed nor being published. */
export function takesChanges(view: SessionView): boolean {
  return view.is_active && view.publication.state !== "running";
}

/** A stage's data as the person sees it. */
export function shownData(outbox: Outbox, view: SessionView, stage: Stage): JsonObject {
  return overlaid(dataOf(view, stage), ofStage(outbox.entries, stage));
}

export function overlaid(data: JsonObject, entries: readonly Entry[]): JsonObject {
  // The order of a list comes last, when all of its elements are there.
  const isLast = ({ path }: Entry) => isOrder(path);
  const inOrder = [...entries.filter((entry) => !isLast(entry)), ...entries.filter(isLast)];
  return inOrder.reduce((shown, entry) => {
    const { path, value } = entry;
    if (!isOrder(path)) return withValue(shown, path, value);
    return withValue(shown, path, wantedOrder(entry, idsIn(valueAt(shown, path))));
  }, data);
}

export function ofStage(entries: readonly Entry[], stage: Stage): readonly Entry[] {
  return entries.filter((entry) => entry.stage === stage);
}

export function isSamePlace(left: Entry, right: Entry): boolean {
  return left.stage === right.stage && left.path === right.path;
}

/** Whether the outcome of a save decides about the place. */
export function isOnItsWay({ sent }: Outbox, entry: Entry): boolean {
  return (
    sent?.entries.some((other) => other.stage === entry.stage && isRival(entry, other)) ?? false
  );
}

/** The newest revision whose data the base of an entry may have: an older view lacks some of it. */
export function newestOfBase({ baseRevision, landedRevision = 0 }: Entry): number {
  return Math.max(baseRevision, landedRevision);
}

/** Whether one place is the other, or in it. */
export function isRival(entry: Entry, other: Entry): boolean {
  return isRivalPath(entry.path, other.path);
}

export function isRivalPath(path: Path, other: Path): boolean {
  return isWithin(path, other) || isWithin(other, path);
}
