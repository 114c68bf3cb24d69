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
import { mergePatch } from "./mergePatch";
import { issuedIds, newId, renamed, withoutNewIds } from "./newElements";
import { idsOf, ORDER, type Path, valueAt, withValue } from "./paths";

export interface Entry {
  stage: Stage;
  path: Path;
  /** The acknowledged value when the person began to change it; undefined if there was none. */
  base: Json | undefined;
  baseRevision: number;
  value: Json | undefined;
  /** Milliseconds since 1970. */
  at: number;
  /** The code of the problem with which the API refused it; it is sent again once it is changed. */
  refused?: string;
}

/** A save whose outcome is not known: it is repeated with its key until it is. */
export interface Sent {
  key: string;
  stage: Stage;
  /** The revision that it is based on. */
  revision: number;
  body: JsonObject;
  entries: readonly Entry[];
  /** The ids of the list's elements before it was sent. */
  knownIds: readonly string[];
}

export interface Outbox {
  entries: readonly Entry[];
  sent: Sent | null;
}

export const EMPTY: Outbox = { entries: [], sent: null };

/** What another person changed, while this one changed it, too. */
export interface Clash {
  entry: Entry;
  theirs: Json | undefined;
}

export function dataOf(view: SessionView, stage: Stage): JsonObject {
  return view.stages[stage].data as JsonObject;
}

/** A stage's data as the person sees it. */
export function shownData(outbox: Outbox, view: SessionView, stage: Stage): JsonObject {
  return overlaid(dataOf(view, stage), ofStage(outbox.entries, stage));
}

function overlaid(data: JsonObject, entries: readonly Entry[]): JsonObject {
  // The order of a list comes last, when all of its elements are there.
  const isOrder = (entry: Entry) => entry.path.endsWith(`/${ORDER}`);
  const inOrder = [...entries.filter((entry) => !isOrder(entry)), ...entries.filter(isOrder)];
  return inOrder.reduce((shown, { path, value }) => withValue(shown, path, value), data);
}

function ofStage(entries: readonly Entry[], stage: Stage): readonly Entry[] {
  return entries.filter((entry) => entry.stage === stage);
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
  const found = differences(shown, { ...shown, ...withNewIds(patch) });
  let entries = outbox.entries;
  for (const { path, to } of found)
    entries = withEntry({ ...outbox, entries }, view, { stage, path, value: to, at });
  return { ...outbox, entries };
}

/** The lists whose elements the API gives an id. */
const IDENTIFIED = new Set(["tiers"]);

function withNewIds(patch: JsonObject): JsonObject {
  const named = (element: Json) =>
    isObject(element) && typeof element["id"] !== "string" ? { ...element, id: newId() } : element;
  return Object.fromEntries(
    Object.entries(patch).map(([name, value]) => [
      name,
      IDENTIFIED.has(name) && Array.isArray(value) ? value.map(named) : value,
    ]),
  );
}

type Edit = Pick<Entry, "stage" | "path" | "value" | "at">;

function withEntry(outbox: Outbox, view: SessionView, edit: Edit): readonly Entry[] {
  const { entries, sent } = outbox;
  const { stage, path } = edit;
  const isHere = (entry: Entry) => entry.stage === stage && entry.path === path;
  const isAbove = (entry: Entry) => entry.stage === stage && path.startsWith(`${entry.path}/`);
  const isBelow = (entry: Entry) => entry.stage === stage && entry.path.startsWith(`${path}/`);

  const above = entries.find(isAbove);
  if (above !== undefined) {
    // A field of an element that is new itself.
    const rest = path.slice(above.path.length);
    const value = withValue(above.value as JsonObject, rest, edit.value);
    return entries.map((entry) => (entry === above ? changed(above, value, edit.at) : entry));
  }
  const here = entries.find(isHere);
  const base = here === undefined ? valueAt(dataOf(view, stage), path) : here.base;
  const others = entries.filter((entry) => !isHere(entry) && !isBelow(entry));
  const isSent = sent?.entries.some(isHere) ?? false;
  if (!isSent && isSame(edit.value, base)) return others;
  const baseRevision = here?.baseRevision ?? view.revision;
  return [...others, { ...edit, base, baseRevision }];
}

function changed({ refused: _refused, ...entry }: Entry, value: Json, at: number): Entry {
  return { ...entry, value, at };
}

/** Entries that cannot be sent before the person chooses. */
export function clashes(outbox: Outbox, view: SessionView): readonly Clash[] {
  return outbox.entries.flatMap((entry) => {
    if (isOnItsWay(outbox, entry)) return [];
    const theirs = valueAt(dataOf(view, entry.stage), entry.path);
    return isUntouched(entry, theirs) || isSame(theirs, entry.value) ? [] : [{ entry, theirs }];
  });
}

/** Whether nobody else has changed the place since the person began. */
function isUntouched(entry: Entry, now: Json | undefined): boolean {
  if (!entry.path.endsWith(`/${ORDER}`)) return isSame(now, entry.base);
  // Elements that were added or removed meanwhile do not change the order of the others.
  const [before, after] = [strings(entry.base), strings(now)];
  return isSame(
    before.filter((id) => after.includes(id)),
    after.filter((id) => before.includes(id)),
  );
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

function isOnItsWay({ sent }: Outbox, { stage, path }: Entry): boolean {
  return sent?.entries.some((entry) => entry.stage === stage && entry.path === path) ?? false;
}

/** The outbox with a new view: what the view has already is not kept. */
export function withView(outbox: Outbox, view: SessionView): Outbox {
  const entries = outbox.entries.filter(
    (entry) =>
      isOnItsWay(outbox, entry) ||
      !isSame(valueAt(dataOf(view, entry.stage), entry.path), entry.value),
  );
  return entries.length === outbox.entries.length ? outbox : { ...outbox, entries };
}

/** The outbox with the next save in `sent`; the same one if there is nothing to send. */
export function withNextSave(outbox: Outbox, view: SessionView, key: string): Outbox {
  if (outbox.sent !== null) return outbox;
  const held = new Set(clashes(outbox, view).map(({ entry }) => entry));
  const ready = outbox.entries.filter((entry) => !held.has(entry) && entry.refused === undefined);
  const stage = ready[0]?.stage;
  if (stage === undefined) return outbox;
  const entries = ofStage(ready, stage);
  const data = dataOf(view, stage);
  const body = mergePatch(data, withoutNewIds(overlaid(data, entries)));
  const knownIds = idsOf((data["tiers"] as Json[] | undefined) ?? []);
  return { ...outbox, sent: { key, stage, revision: view.revision, body, entries, knownIds } };
}

/** The outbox after the save was accepted, now or by an earlier attempt. `view` is the answer. */
export function accepted(outbox: Outbox, view: SessionView): Outbox {
  const { sent } = outbox;
  if (sent === null) return withView(outbox, view);
  const ids = issuedIds(sent, dataOf(view, sent.stage));
  const entries = outbox.entries.flatMap((entry) => {
    const before = sent.entries.find(
      ({ stage, path }) => stage === entry.stage && path === entry.path,
    );
    const now = entry.stage === sent.stage ? renamed(entry, ids) : entry;
    if (before === undefined) return [now];
    return isSame(before.value, entry.value) ? [] : rebased(now, view);
  });
  return withView({ entries, sent: null }, view);
}

/** An entry that was changed while it was on its way: it is based on what was saved. */
function rebased(entry: Entry, view: SessionView): Entry[] {
  const base = valueAt(dataOf(view, entry.stage), entry.path);
  const { refused: _refused, ...rest } = entry;
  const baseRevision = view.revision;
  if (!isObject(base) || !isObject(entry.value)) return [{ ...rest, base, baseRevision }];
  // An element that has its id now: what differs are its fields.
  return differences(base, entry.value).map(({ path, from, to }) => ({
    ...rest,
    path: entry.path + path,
    base: from,
    value: to,
    baseRevision,
  }));
}

/** The outbox after the save was refused, without an effect. With a `code`, it is not repeated. */
export function refused(outbox: Outbox, code?: string): Outbox {
  const { sent } = outbox;
  if (sent === null || code === undefined) return { ...outbox, sent: null };
  const entries = outbox.entries.map((entry) => {
    const before = sent.entries.find(
      ({ stage, path }) => stage === entry.stage && path === entry.path,
    );
    return before !== undefined && isSame(before.value, entry.value)
      ? { ...entry, refused: code }
      : entry;
  });
  return { entries, sent: null };
}

/** The outbox after the person chose between both values of a place. */
export function resolved(
  outbox: Outbox,
  view: SessionView,
  { entry, theirs }: Clash,
  choice: "mine" | "theirs",
): Outbox {
  const isIt = ({ stage, path }: Entry) => stage === entry.stage && path === entry.path;
  const others = outbox.entries.filter((one) => !isIt(one));
  if (choice === "theirs") return { ...outbox, entries: others };
  return {
    ...outbox,
    entries: [...others, { ...entry, base: theirs, baseRevision: view.revision }],
  };
}
