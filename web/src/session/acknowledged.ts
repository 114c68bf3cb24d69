/** What is left of an outbox, once the API or another tab has what was typed. */

import type { SessionView } from "../api/generated";
import { isRemoved } from "./clashes";
import { isObject, isSame } from "./json";
import { landed, withLanding } from "./landings";
import { isNewElement } from "./newElements";
import { idsIn, isSameOrder } from "./order";
import { dataOf, type Entry, isOnItsWay, isRival, type Outbox } from "./outbox";
import { entriesWith, type OutboxChanges } from "./outboxChanges";
import { elementAround, isOrder, partsOf, valueAt } from "./paths";

/**
 * The outbox with a new view: what the view has already is not kept.
 *
 * @param before the view before it, for the elements that no longer exist
 */
export function withView(outbox: Outbox, view: SessionView, before: SessionView | null): Outbox {
  const entries = outbox.entries
    .filter(
      (entry) => isOnItsWay(outbox, entry) || !(isTakenBack(entry) || isDone(outbox, entry, view)),
    )
    .map((entry) => withLastElement(entry, view, before));
  const isAsBefore =
    entries.length === outbox.entries.length &&
    entries.every((entry, index) => entry === outbox.entries[index]);
  return isAsBefore ? outbox : { ...outbox, entries };
}

/** Whether the person has put back what was there when they began. */
function isTakenBack({ base, value }: Entry): boolean {
  return isSame(base, value);
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

/** The outbox with changes of another tab, or of the page before. */
export function withChanges(outbox: Outbox, changes: OutboxChanges): Outbox {
  const entries = entriesWith(outbox.entries, changes);
  const landings = changes.landings.reduce(withLanding, outbox.landings);
  const isOld = landings.some(({ key }) => key === changes.sent?.key);
  const sent = changes.sent === undefined || isOld ? outbox.sent : changes.sent;
  return caughtUp({ entries, sent, landings });
}

/** The outbox with what was typed before it had the newest landings. */
function caughtUp(outbox: Outbox): Outbox {
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
