/** Saves: what of an outbox is sent next, and what is left of it after the answer. */

import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { withView } from "./acknowledged";
import { clashes } from "./clashes";
import { differences } from "./differences";
import { isSame, type JsonObject } from "./json";
import { type Landing, landed, withLanding } from "./landings";
import { mergePatch } from "./mergePatch";
import { isNewElement, issuedIds, issuedIdsByName, withoutNewIds } from "./newElements";
import {
  dataOf,
  type Entry,
  isSamePlace,
  type Outbox,
  ofStage,
  overlaid,
  type Sent,
  takesChanges,
} from "./outbox";
import { isOrder, isWithin, type Path, partsOf } from "./paths";
import { isBeingWritten, type Writing } from "./writing";

/** The outbox with the next save in `sent`; the same one if there is nothing to send. */
export function withNextSave(
  outbox: Outbox,
  view: SessionView,
  key: string,
  writing: Writing | null = null,
): Outbox {
  if (outbox.sent !== null || !takesChanges(view)) return outbox;
  const held = clashes(outbox, view, writing).map(({ entry }) => entry);
  const isHeld = ({ stage, path }: Entry) =>
    held.some((entry) => entry.stage === stage && isWithin(path, entry.path));
  const ready = outbox.entries.filter(
    (entry) => !isHeld(entry) && !isBeingWritten(writing, entry) && entry.refused === undefined,
  );
  const [first] = ready;
  if (first === undefined) return outbox;
  const { stage } = first;
  const entries = together(ofStage(ready, stage));
  const data = dataOf(view, stage);
  const body = mergePatch(data, withoutNewIds(overlaid(data, entries)));
  if (Object.keys(body).length > 0)
    return { ...outbox, sent: { key, stage, revision: view.revision, data, body, entries } };
  // Without an effect, such as the order of elements that are gone.
  const others = outbox.entries.filter((entry) => !entries.includes(entry));
  return withNextSave({ ...outbox, entries: others }, view, key, writing);
}

/** The entries that go in one save. */
function together(entries: readonly Entry[]): readonly Entry[] {
  const alone = entries.find(({ isAlone }) => isAlone);
  if (alone !== undefined) return [alone];
  // The API gives a new element the id of one that the same save removes, and what other people
  // have typed for that one would be the new one's. So what is removed is sent first.
  const isRemoval = ({ path, value }: Entry) => value === undefined && partsOf(path).length === 2;
  if (!entries.some(isRemoval) || !entries.some(isNewElement)) return entries;
  return entries.filter((entry) => !isNewElement(entry) && !isOrder(entry.path));
}

/** A stage's data with exactly one save, and its revision. */
export interface Result {
  data: JsonObject;
  revision: number;
}

/**
 * The outbox after the save was accepted, now or by an earlier attempt.
 *
 * @param view the newest one
 * @param result null if it cannot be known: what was changed meanwhile may then be asked about
 */
export function accepted(outbox: Outbox, view: SessionView, result: Result | null): Outbox {
  const { sent } = outbox;
  if (sent === null) return withView(outbox, view, null);
  const landing = landingOf(sent, view, result);
  const entries = outbox.entries.flatMap((entry) =>
    isUnchanged(entry, sent) ? [] : landed(entry, landing),
  );
  const landings = withLanding(outbox.landings, landing);
  return withView({ entries, sent: null, landings }, view, null);
}

function isUnchanged(entry: Entry, sent: Sent): boolean {
  const before = sent.entries.find((other) => isSamePlace(other, entry));
  return before !== undefined && isSame(before.value, entry.value);
}

/** Whether something was changed while the save was on its way, so that its result is needed. */
export function needsResult({ entries, sent }: Outbox): boolean {
  if (sent === null) return false;
  return ofStage(entries, sent.stage).some((entry) => !isUnchanged(entry, sent));
}

/** What an accepted save has made of the data. */
export function landingOf(sent: Sent, view: SessionView, result: Result | null): Landing {
  const { key, stage, entries } = sent;
  const wanted = overlaid(sent.data, entries);
  const saved = entries.map(({ path, at, times }) =>
    times === undefined ? { path, at } : { path, at, times },
  );
  if (result === null) {
    const issued = issuedIdsByName(wanted, sent.data, dataOf(view, stage));
    const changes = differences(sent.data, wanted);
    return { key, stage, revision: sent.revision + 1, changes, issued, saved };
  }
  const changes = differences(sent.data, result.data);
  const issued = issuedIds(wanted, result.data);
  return { key, stage, revision: result.revision, changes, issued, saved };
}

/** Why a save was refused: the code of the problem, and the places that its errors name. */
export interface Refusal {
  code: string;
  paths: readonly { stage: Stage; path: Path }[];
}

/** The outbox after the save had no effect. With a refusal, it is not repeated as it is. */
export function refused(outbox: Outbox, refusal?: Refusal): Outbox {
  const { sent } = outbox;
  if (sent === null) return outbox;
  const left = outbox.entries.filter(({ base, value }) => !isSame(base, value));
  if (refusal === undefined) return { ...outbox, entries: left, sent: null };
  const unchanged = left.filter((entry) => isUnchanged(entry, sent));
  const named = unchanged.filter((entry) => isNamed(entry, refusal));
  const marked = named.length > 0 ? named : unchanged;
  const mark =
    named.length > 0 || unchanged.length === 1 ? { refused: refusal.code } : { isAlone: true };
  const entries = left.map((entry) => (marked.includes(entry) ? { ...entry, ...mark } : entry));
  return { ...outbox, entries, sent: null };
}

function isNamed(entry: Entry, { paths }: Refusal): boolean {
  return paths.some(
    ({ stage, path }) =>
      stage === entry.stage && (isWithin(path, entry.path) || isWithin(entry.path, path)),
  );
}
