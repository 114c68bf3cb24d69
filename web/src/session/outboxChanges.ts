/** How an outbox changes: what the tabs of a browser say to each other, and write to its storage. */

import { isSame, type Json } from "./json";
import type { Entry, Outbox, Sent } from "./outbox";

export interface OutboxChanges {
  set: readonly Entry[];
  /** Entries that are gone, with their last value: a tab that has a newer one keeps it. */
  dropped: readonly Entry[];
  sent: Sent | null;
}

const key = ({ stage, path }: Entry) => `${stage}${path}`;

export function changesBetween(before: Outbox, after: Outbox): OutboxChanges {
  const now = new Set(after.entries.map(key));
  return {
    set: after.entries.filter((entry) => !before.entries.includes(entry)),
    dropped: before.entries.filter((entry) => !now.has(key(entry))),
    sent: after.sent,
  };
}

export function isNothing(changes: OutboxChanges, before: Outbox): boolean {
  return changes.set.length === 0 && changes.dropped.length === 0 && changes.sent === before.sent;
}

export function withChanges(outbox: Outbox, { set, dropped, sent }: OutboxChanges): Outbox {
  const entries = new Map(outbox.entries.map((entry) => [key(entry), entry]));
  for (const entry of dropped) {
    const here = entries.get(key(entry));
    if (here !== undefined && isSameValue(here.value, entry.value)) entries.delete(key(entry));
  }
  for (const entry of set) {
    const here = entries.get(key(entry));
    if (here === undefined || here.at <= entry.at) entries.set(key(entry), entry);
  }
  return { entries: [...entries.values()], sent };
}

function isSameValue(left: Json | undefined, right: Json | undefined): boolean {
  return left === right || isSame(left, right);
}
