/** What two people changed at once, and the choice between both values. */

import type { SessionView } from "../api/generated";
import { isSame, type Json, type JsonObject } from "./json";
import type { Landing } from "./landings";
import { isSameOrder } from "./order";
import {
  dataOf,
  type Entry,
  isOnItsWay,
  isSamePlace,
  newestOfBase,
  type Outbox,
  ofStage,
} from "./outbox";
import { elementAround, isOrder, isWithin, type Path, valueAt, withValue } from "./paths";
import { isBeingWritten, type Writing } from "./writing";

/** What another person changed, while this one changed it, too. */
export interface Clash {
  /** For an element that another person removed: the whole of it, with what is not sent yet. */
  entry: Entry;
  theirs: Json | undefined;
}

/** What cannot be sent before the person chooses. */
export function clashes(
  outbox: Outbox,
  view: SessionView,
  writing: Writing | null = null,
): readonly Clash[] {
  // A page that was left may have stored that a save was accepted, and not the view with it.
  const isJudged = (entry: Entry) => newestOfBase(entry) <= view.revision;
  const waiting = outbox.entries.filter(
    (entry) => isJudged(entry) && !isOnItsWay(outbox, entry) && !isBeingWritten(writing, entry),
  );
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
export function isRemoved({ path }: Entry, data: JsonObject): boolean {
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

/** The outbox after the person chose between both values of a place. */
export function resolved(
  outbox: Outbox,
  view: SessionView,
  { entry, theirs }: Clash,
  choice: "mine" | "theirs",
  at = entry.at,
): Outbox {
  const isIt = ({ stage, path }: Entry) => stage === entry.stage && isWithin(path, entry.path);
  const others = outbox.entries.filter((one) => !isIt(one));
  if (choice === "theirs") return { ...outbox, entries: others };
  const mine = { ...entry, base: theirs, baseRevision: view.revision, at };
  return { ...outbox, entries: [...others, mine] };
}

/** The outbox in which an element that a write has removed comes back, if the person types in it. */
export function withRestored(
  outbox: Outbox,
  { stage, changes }: Pick<Landing, "stage" | "changes">,
  view: SessionView,
  at: number,
): Outbox {
  const isRemoval = (path: Path) =>
    changes.some((change) => change.path === path && change.to === undefined);
  return clashes(outbox, view)
    .filter(({ entry }) => entry.stage === stage && isRemoval(entry.path))
    .reduce((restored, clash) => resolved(restored, view, clash, "mine", at), outbox);
}
