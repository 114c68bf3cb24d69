/** How an outbox changes: what the tabs of a browser say to each other, and write to its storage. */

import type { Landing } from "./landings";
import { withLanding } from "./landings";
import { caughtUp, type Entry, type Outbox, type Sent } from "./outbox";

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

export function isNothing({ set, dropped, landings, sent }: OutboxChanges): boolean {
  return set.length + dropped.length + landings.length === 0 && sent === undefined;
}

export function withChanges(outbox: Outbox, changes: OutboxChanges): Outbox {
  const entries = new Map(outbox.entries.map((entry) => [key(entry), entry]));
  for (const entry of changes.dropped) {
    const here = entries.get(key(entry));
    if (here !== undefined && here.at <= entry.at) entries.delete(key(entry));
  }
  for (const entry of changes.set) {
    const here = entries.get(key(entry));
    if (here === undefined || here.at <= entry.at) entries.set(key(entry), entry);
  }
  const landings = changes.landings.reduce(withLanding, outbox.landings);
  const sent = changes.sent === undefined ? outbox.sent : changes.sent;
  return caughtUp({ entries: [...entries.values()], sent, landings });
}

/** What a tab has seen go: a message that is older must not bring it back. */
export class Gone {
  readonly #times = new Map<string, number>();

  note(dropped: readonly Entry[]): void {
    for (const entry of dropped)
      this.#times.set(key(entry), Math.max(entry.at, this.#times.get(key(entry)) ?? 0));
  }

  without<Changes extends OutboxChanges>(changes: Changes): Changes {
    const isNew = (entry: Entry) => entry.at > (this.#times.get(key(entry)) ?? -1);
    return { ...changes, set: changes.set.filter(isNew) };
  }
}
