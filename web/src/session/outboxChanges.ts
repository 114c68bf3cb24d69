/** How an outbox changes: what the tabs of a browser say to each other, and write to its storage. */

import type { SessionView } from "../api/generated";
import { isSame } from "./json";
import type { Landing } from "./landings";
import { united } from "./newElements";
import { dataOf, type Entry, isRival, type Outbox, type Sent } from "./outbox";
import { valueAt } from "./paths";

export interface OutboxChanges {
  set: readonly Entry[];
  /** Entries that are gone, as they were last: a tab that has a newer one keeps it. */
  dropped: readonly Entry[];
  landings: readonly Landing[];
  /** Absent if it is as before: the tab that leads is the only one that changes it. */
  sent?: Sent | null;
}

const key = ({ stage, path }: Entry) => `${stage}${path}`;

export function changesBetween(before: Outbox, after: Outbox): OutboxChanges {
  const now = new Set(after.entries.map(key));
  return {
    set: after.entries.filter((entry) => !before.entries.includes(entry)),
    dropped: before.entries.filter((entry) => !now.has(key(entry))),
    landings: after.landings.filter((landing) => !before.landings.includes(landing)),
    ...(after.sent === before.sent ? {} : { sent: after.sent }),
  };
}

/**
 * Changes in which a value that was taken back is not just gone: the tab that leads may be sending it
 * at this moment, and has to send what was there before.
 */
export function withTakenBack(
  changes: OutboxChanges,
  outbox: Outbox,
  view: SessionView,
  at: number,
): OutboxChanges {
  const isBack = (entry: Entry) =>
    isSame(valueAt(dataOf(view, entry.stage), entry.path), entry.base) &&
    !outbox.entries.some((other) => other.stage === entry.stage && isRival(other, entry));
  const back = changes.dropped.filter(isBack).map((entry) => ({ ...entry, value: entry.base, at }));
  return {
    ...changes,
    set: [...changes.set, ...back],
    dropped: changes.dropped.filter((entry) => !isBack(entry)),
  };
}

export const NO_CHANGES: OutboxChanges = { set: [], dropped: [], landings: [] };

/** Changes, and others after them, as one. */
export function joined(first: OutboxChanges, next: OutboxChanges): OutboxChanges {
  const isLaterIn = (others: readonly Entry[], entry: Entry) =>
    others.some((other) => key(other) === key(entry) && other.at >= entry.at);
  const isPast = (entry: Entry) => isLaterIn(next.set, entry) || isLaterIn(next.dropped, entry);
  const sent = next.sent === undefined ? first.sent : next.sent;
  return {
    set: [...first.set.filter((entry) => !isPast(entry)), ...next.set],
    dropped: [...first.dropped.filter((entry) => !isLaterIn(next.dropped, entry)), ...next.dropped],
    landings: [...first.landings, ...next.landings],
    ...(sent === undefined ? {} : { sent }),
  };
}

export function isNothing({ set, dropped, landings, sent }: OutboxChanges): boolean {
  return set.length + dropped.length + landings.length === 0 && sent === undefined;
}

/** Entries with changes, as far as these are not older. */
export function entriesWith(entries: readonly Entry[], { set, dropped }: OutboxChanges): Entry[] {
  const left = new Map(entries.map((entry) => [key(entry), entry]));
  for (const entry of dropped) {
    const here = left.get(key(entry));
    if (here !== undefined && here.at <= entry.at) left.delete(key(entry));
  }
  for (const entry of set) {
    const here = left.get(key(entry));
    left.set(key(entry), here === undefined ? entry : united(here, entry));
  }
  return [...left.values()];
}

/** What a tab has seen go: a message that is older must not bring it back. */
export class Gone {
  readonly #times = new Map<string, number>();

  /** @param changedAt what another tab typed in these places before this time is gone, too */
  note(dropped: readonly Entry[], changedAt = 0): void {
    for (const entry of dropped) {
      const before = this.#times.get(key(entry)) ?? 0;
      this.#times.set(key(entry), Math.max(entry.at, changedAt - 1, before));
    }
  }

  without<Changes extends OutboxChanges>(changes: Changes): Changes {
    const isNew = (entry: Entry) => entry.at > (this.#times.get(key(entry)) ?? -1);
    return { ...changes, set: changes.set.filter(isNew) };
  }
}
