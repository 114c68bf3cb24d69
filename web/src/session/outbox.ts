/**
 * What a person has typed and the API has not acknowledged yet.
 *
 * Each entry keeps the value that the person saw when they began, so that an entry is never laid over
 * a change of another person unseen: not after a reload, and not after an hour offline. All functions
 * are pure; an outbox can be stored as it is.
 */

import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { differences } from "./differences";
import { isObject, isSame, type Json, type JsonObject } from "./json";
import { issuedBy, type Landing, landed } from "./landings";
import { isNewElement, newId, withIssuedIds } from "./newElements";
import { idsIn, isSameOrder, wantedOrder } from "./order";
import {
  elementAround,
  isList,
  isOrder,
  isWithin,
  type Path,
  partsOf,
  valueAt,
  withValue,
} from "./paths";

export interface Entry {
  stage: Stage;
  path: Path;
  /** The acknowledged value when the person began to change it; undefined if there was none. */
  base: Json | undefined;
  baseRevision: number;
  value: Json | undefined;
  /** Milliseconds since 1970. */
  at: number;
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

/** What another person changed, while this one changed it, too. */
export interface Clash {
  /** For an element that another person removed: the whole of it, with what is not sent yet. */
  entry: Entry;
  theirs: Json | undefined;
}

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

/** The outbox after the person changed fields of a stage. Lists are given whole. */
export function edited(
  outbox: Outbox,
  view: SessionView,
  stage: Stage,
  patch: JsonObject,
  at: number,
): Outbox {
  const shown = shownData(outbox, view, stage);
  const found = differences(shown, { ...shown, ...withNewIds(patch, outbox) });
  let entries = outbox.entries;
  for (const { path, to } of found)
    entries = withEntry({ ...outbox, entries }, view, { stage, path, value: to, at });
  return { ...outbox, entries };
}

function withNewIds(patch: JsonObject, { landings }: Outbox): JsonObject {
  const issued = issuedBy(landings);
  const named = (element: Json) =>
    isObject(element) && typeof element["id"] !== "string"
      ? { ...element, id: newId() }
      : withIssuedIds(element, issued);
  return Object.fromEntries(
    Object.entries(patch).map(([name, value]) => [
      name,
      isList(name) && Array.isArray(value) ? value.map(named) : value,
    ]),
  );
}

type Edit = Pick<Entry, "stage" | "path" | "value" | "at">;

function withEntry(outbox: Outbox, view: SessionView, edit: Edit): readonly Entry[] {
  const { entries, sent } = outbox;
  const { stage, path } = edit;
  const data = dataOf(view, stage);
  const isHere = (entry: Entry) => entry.stage === stage && entry.path === path;
  const isAbove = (entry: Entry) => entry.stage === stage && path.startsWith(`${entry.path}/`);
  const isIn = (entry: Entry) => entry.stage === stage && isWithin(entry.path, path);

  const above = entries.find(isAbove);
  if (above !== undefined) {
    // A field of an element that is new itself.
    const rest = path.slice(above.path.length);
    const value = withValue(above.value as JsonObject, rest, edit.value);
    return entries.map((entry) => (entry === above ? changed(above, value, edit.at) : entry));
  }
  const here = entries.find(isHere);
  const inside = entries.filter(isIn);
  const base = here === undefined ? baseOf(valueAt(data, path), path, inside) : here.base;
  const others = entries.filter((entry) => !isIn(entry));
  const isSent = sent?.entries.some(isIn) ?? false;
  if (!isSent && isSame(edit.value, base)) return others;
  const around = elementAround(path);
  const element = here?.element ?? (around === null ? undefined : valueAt(data, around));
  const baseRevision = Math.min(view.revision, ...inside.map((entry) => entry.baseRevision));
  const entry: Entry = { ...edit, base, baseRevision };
  return [...others, isObject(element) ? { ...entry, element } : entry];
}

/** A value as the person knew it: what they typed in it hides what others have written there. */
function baseOf(value: Json | undefined, path: Path, inside: readonly Entry[]): Json | undefined {
  if (!isObject(value)) return value;
  return inside.reduce<JsonObject>(
    (base, entry) => withValue(base, entry.path.slice(path.length), entry.base),
    value,
  );
}

function changed({ refused: _refused, isAlone: _, ...entry }: Entry, value: Json, at: number) {
  return { ...entry, value, at };
}

/** What cannot be sent before the person chooses. */
export function clashes(outbox: Outbox, view: SessionView): readonly Clash[] {
  const waiting = outbox.entries.filter((entry) => !isOnItsWay(outbox, entry));
  const found: Clash[] = [];
  for (const entry of waiting) {
    const data = dataOf(view, entry.stage);
    if (isRemoved(entry, data)) {
      const element = removedElement(outbox, entry);
      if (!found.some((clash) => isSamePlace(clash.entry, element)))
        found.push({ entry: element, theirs: undefined });
      continue;
    }
    const theirs = valueAt(data, entry.path);
    if (!isUntouched(entry, theirs) && !isSame(theirs, entry.value)) found.push({ entry, theirs });
  }
  return found;
}

/** Whether another person removed the element that the entry is a field of. */
function isRemoved({ path }: Entry, data: JsonObject): boolean {
  const around = elementAround(path);
  return around !== null && !isOrder(path) && valueAt(data, around) === undefined;
}

/** An entry for the whole of an element that was removed. */
function removedElement({ entries }: Outbox, entry: Entry): Entry {
  const path = elementAround(entry.path) ?? entry.path;
  const inside = ofStage(entries, entry.stage).filter((other) => isWithin(other.path, path));
  const known = inside.find(({ element }) => element !== undefined)?.element;
  const base = known ?? { id: path.split("/").at(-1) ?? "" };
  const value = inside.reduce<JsonObject>(
    (element, field) => withValue(element, field.path.slice(path.length), field.value),
    base,
  );
  const at = Math.max(...inside.map((field) => field.at));
  return { stage: entry.stage, path, base, baseRevision: entry.baseRevision, value, at };
}

/** Whether no one else has changed the place since the person began. */
function isUntouched({ path, base, value }: Entry, now: Json | undefined): boolean {
  if (!isOrder(path)) return isSame(now, base);
  return isSameOrder(base, now) || isSameOrder(base, value);
}

/** Whether the outcome of a save decides about the place. */
function isOnItsWay({ sent }: Outbox, entry: Entry): boolean {
  return (
    sent?.entries.some((other) => other.stage === entry.stage && isRival(entry, other)) ?? false
  );
}

/**
 * The outbox with a new view: what the view has already is not kept.
 *
 * @param before the view before it, for the elements that are not there any more
 */
export function withView(outbox: Outbox, view: SessionView, before: SessionView | null): Outbox {
  const entries = outbox.entries
    .filter((entry) => isOnItsWay(outbox, entry) || !isDone(outbox, entry, view))
    .map((entry) => withLastElement(entry, view, before));
  const isAsBefore =
    entries.length === outbox.entries.length &&
    entries.every((entry, index) => entry === outbox.entries[index]);
  return isAsBefore ? outbox : { ...outbox, entries };
}

/** Whether a view has what the entry is for. */
function isDone({ entries }: Outbox, entry: Entry, view: SessionView): boolean {
  const { path, base, value } = entry;
  const now = valueAt(dataOf(view, entry.stage), path);
  if (!isOrder(path)) return isSame(now, value);
  const isWaiting = (id: string) =>
    entries.some((other) => isNewElement(other) && partsOf(other.path).at(-1) === id);
  const isInOrder = isSameOrder(now, value) || isSameOrder(base, value);
  return isInOrder && !idsIn(value).some(isWaiting);
}

function withLastElement(entry: Entry, view: SessionView, before: SessionView | null): Entry {
  const around = elementAround(entry.path);
  if (around === null || before === null || !isRemoved(entry, dataOf(view, entry.stage)))
    return entry;
  const element = valueAt(dataOf(before, entry.stage), around);
  return isObject(element) ? { ...entry, element } : entry;
}

/** The outbox after the person chose between both values of a place. */
export function resolved(
  outbox: Outbox,
  view: SessionView,
  { entry, theirs }: Clash,
  choice: "mine" | "theirs",
): Outbox {
  const isIt = ({ stage, path }: Entry) => stage === entry.stage && isWithin(path, entry.path);
  const others = outbox.entries.filter((one) => !isIt(one));
  if (choice === "theirs") return { ...outbox, entries: others };
  const mine = { ...entry, base: theirs, baseRevision: view.revision };
  return { ...outbox, entries: [...others, mine] };
}

/** The outbox with what was typed before it had the newest landings. */
export function caughtUp(outbox: Outbox): Outbox {
  const entries = outbox.landings.reduce<readonly Entry[]>(
    (left, landing) => left.flatMap((entry) => landed(entry, landing)),
    outbox.entries,
  );
  return { ...outbox, entries: withoutOlder(entries) };
}

/** Two tabs may have changed a place, or an element and a field of it: the newer one counts. */
function withoutOlder(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter((entry, index) => {
    const isOlder = (other: Entry, at: number) =>
      other.stage === entry.stage &&
      (other.path === entry.path
        ? other.at > entry.at || (other.at === entry.at && at > index)
        : isRival(entry, other) && (other.at > entry.at || (other.at === entry.at && at > index)));
    return !entries.some((other, at) => other !== entry && isOlder(other, at));
  });
}

function isRival(entry: Entry, other: Entry): boolean {
  return isWithin(entry.path, other.path) || isWithin(other.path, entry.path);
}
