/** What the assistant wants to write, and what of it may be written: what no one has touched since. */

import type { SessionView } from "../api/generated";
import { type Difference, differences } from "../session/differences";
import { isObject, isSame, type Json, type JsonObject } from "../session/json";
import type { Landing } from "../session/landings";
import { mergePatch, patched } from "../session/mergePatch";
import { newId, withoutNewIds } from "../session/newElements";
import { isSameOrder } from "../session/order";
import {
  dataOf,
  type Entry,
  isRivalPath,
  type Outbox,
  ofStage,
  overlaid,
  type Sent,
  shownData,
} from "../session/outbox";
import { elementAround, idsOf, isList, isOrder, type Path, valueAt } from "../session/paths";
import type { Stage } from "../stages/stages";
import type { Kept, Saved, WriteResult } from "./types";

/** The places of a stage that the assistant wants to change, with the values that it has read. */
export interface Wish {
  stage: Stage;
  changes: readonly Difference[];
}

/** @param base the stage's data as the assistant has read it */
export function wishOf(stage: Stage, base: JsonObject, patch: JsonObject): Wish {
  const wanted = patched(base, withIds(patch, base)) as JsonObject;
  return { stage, changes: differences(base, wanted) };
}

/** The patch with the ids that the API would give: by name, else by place, else new ones. */
function withIds(patch: JsonObject, base: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).map(([name, value]) => {
      const before = base[name];
      return isList(name) && Array.isArray(value)
        ? [name, withElementIds(value, Array.isArray(before) ? before : [])]
        : [name, value];
    }),
  );
}

function withElementIds(list: readonly Json[], before: readonly Json[]): Json[] {
  const taken = new Set(idsOf(list));
  const found = new Map<number, string>();
  const waiting = [...list.keys()].filter((index) => {
    const element = list[index];
    return isObject(element) && typeof element["id"] !== "string";
  });
  const settle = (index: number, old: Json | undefined) => {
    const [id] = old === undefined ? [] : idsOf([old]);
    if (id === undefined || taken.has(id) || found.has(index)) return;
    taken.add(id);
    found.set(index, id);
  };
  const nameOf = (element: Json | undefined) => (isObject(element) ? element["name"] : undefined);
  for (const index of waiting) {
    const name = nameOf(list[index]);
    if (!name) continue;
    const isFree = (old: Json) => idsOf([old]).some((id) => !taken.has(id));
    settle(
      index,
      before.find((old) => nameOf(old) === name && isFree(old)),
    );
  }
  for (const index of waiting) settle(index, before[index]);
  return list.map((element, index) =>
    waiting.includes(index) && isObject(element)
      ? { ...element, id: found.get(index) ?? newId() }
      : element,
  );
}

export interface Divided {
  /** What may be written. */
  untouched: readonly Difference[];
  /** What was changed since the assistant has read it: that stands. */
  touched: readonly Difference[];
}

/** What is there already as it is wanted is in neither of both. */
export function divided(wish: Wish, view: SessionView, outbox: Outbox): Divided {
  const data = dataOf(view, wish.stage);
  const isDone = ({ path, to }: Difference) => {
    const now = valueAt(data, path);
    return isOrder(path) ? isSameOrder(now, to) && !hasNew(to, now) : isSame(now, to);
  };
  const open = wish.changes.filter((change) => !isDone(change));
  const unsent = unsentIn(outbox, wish.stage);
  const isTouched = (change: Difference) =>
    !isInsertion(change) &&
    (unsent.some(({ path }) => isRivalPath(path, change.path)) || isOther(change, data));
  return {
    untouched: open.filter((change) => !isTouched(change)),
    touched: open.filter(isTouched),
  };
}

/** Elements that the same write adds have their place in the order. */
function hasNew(order: Json | undefined, now: Json | undefined): boolean {
  const [wanted, there] = [order, now].map((ids) => (Array.isArray(ids) ? ids : []));
  return wanted?.some((id) => !there?.includes(id)) ?? false;
}

/** Elements that are only added are put in wherever the others are. */
function isInsertion({ path, from, to }: Difference): boolean {
  return isOrder(path) && isSameOrder(from, to);
}

/** Whether a place has another value than the assistant has read. */
function isOther({ path, from }: Difference, data: JsonObject): boolean {
  const now = valueAt(data, path);
  if (isOrder(path)) return !isSameOrder(from, now);
  const around = elementAround(path);
  const isGone = around !== null && valueAt(data, around) === undefined;
  return isGone || !isSame(now, from);
}

function unsentIn({ entries, sent }: Outbox, stage: Stage): readonly Entry[] {
  return ofStage([...entries, ...(sent?.entries ?? [])], stage);
}

/** What the person is typing in the places of a wish, and is about to be saved. */
export function typedIn(wish: Wish, outbox: Outbox, held: readonly Entry[]): Path | null {
  const typed = unsentIn(outbox, wish.stage).find(
    (entry) =>
      entry.refused === undefined &&
      !held.some((other) => other.stage === entry.stage && isRivalPath(other.path, entry.path)) &&
      wish.changes.some(({ path }) => isRivalPath(path, entry.path)),
  );
  return typed?.path ?? null;
}

/** The request that writes changes onto a view; null if they change nothing. */
export function requestOf(
  key: string,
  stage: Stage,
  changes: readonly Difference[],
  view: SessionView,
): Sent | null {
  const { revision } = view;
  const data = dataOf(view, stage);
  const entries = changes.map(({ path, from, to }) => ({
    stage,
    path,
    base: from,
    baseRevision: revision,
    value: to,
    at: 0, // older than whatever a person has typed there
  }));
  const body = mergePatch(data, withoutNewIds(overlaid(data, entries)));
  if (Object.keys(body).length === 0) return null;
  return { key, stage, revision, data, body, entries };
}

/** The most bytes of values in a result. Without the values, it cannot be undone after a reload. */
const MOST_BYTES = 4_096;

/** What a write results in. */
export function resultOf(
  landing: Landing | null,
  { stage }: Wish,
  touched: readonly Difference[],
  view: SessionView,
  outbox: Outbox,
): WriteResult {
  const shown = shownData(outbox, view, stage);
  const unsent = unsentIn(outbox, stage);
  const isTypedOver = (change: Difference) =>
    unsent.some(({ path }) => isRivalPath(path, change.path));
  const written = (landing?.changes ?? []).filter((change) => !isInsertion(change));
  const saved = written
    .filter((change) => !isTypedOver(change))
    .map(
      ({ path, from, to }): Saved => ({
        stage,
        pointer: withGivenIds(path, landing),
        before: from ?? null,
        after: to ?? null,
      }),
    );
  const kept = [...touched, ...written.filter(isTypedOver)].map(
    ({ path, to }): Kept => ({
      stage,
      pointer: withGivenIds(path, landing),
      wanted: to ?? null,
      current: valueAt(shown, path) ?? null,
    }),
  );
  const revision = Math.max(view.revision, landing?.revision ?? 0);
  const size = new TextEncoder().encode(JSON.stringify([saved, kept])).length;
  if (size <= MOST_BYTES) return { revision, saved, kept };
  const bare = ({ pointer }: Saved | Kept) => ({ stage, pointer });
  return { revision, saved: saved.map(bare), kept: kept.map(bare) };
}

function withGivenIds(path: Path, landing: Landing | null): Path {
  const given = new Map(landing?.issued.map(({ own, id }) => [own, id]));
  return path
    .split("/")
    .map((part) => given.get(part) ?? part)
    .join("/");
}
