import type { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { type Clash, clashes } from "./clashes";
import { issuedBy } from "./landings";
import { EMPTY, type Outbox } from "./outbox";
import type { Path } from "./paths";
import type { PresenceRow } from "./stream";
import type { Writing } from "./writing";

/** What a page shows of a session. Each change makes a new object. */
export interface Snapshot {
  view: SessionView | null;
  outbox: Outbox;
  clashes: readonly Clash[];
  /** What the assistant is writing at this moment, in this tab or in another one. */
  writing: Writing | null;
  people: readonly PresenceRow[];
  /** Whether the stream is open, so that each change arrives by itself. */
  isLive: boolean;
  error: ApiProblem | null;
  /** Whether Temporal has ended the session: it accepts no more changes. */
  isLost: boolean;
  /** Whether the last save could reach the API. */
  isReachable: boolean;
  /** When the API was first missed; null while it can be reached. */
  unreachableSince: number | null;
  /** Whether this device keeps what is not sent. */
  isStored: boolean;
  savedAt: number | null;
  saved: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  /** The ids of this browser by those that the API gave the same elements. */
  aliases: ReadonlyMap<string, string>;
}

export const NOTHING: Snapshot = {
  view: null,
  outbox: EMPTY,
  clashes: [],
  writing: null,
  people: [],
  isLive: false,
  error: null,
  isLost: false,
  isReachable: true,
  unreachableSince: null,
  isStored: true,
  savedAt: null,
  saved: new Set(),
  fresh: new Set(),
  aliases: new Map(),
};

/** The name of a field of a stage among all stages. */
export function place(stage: Stage, path: Path): string {
  return `${stage}${path}`;
}

/** The newest snapshot, for those who watch it. */
export class Shown {
  #now = NOTHING;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get now(): Snapshot {
    return this.#now;
  }

  set(changes: Partial<Snapshot>): void {
    const names = Object.keys(changes) as (keyof Snapshot)[];
    // Each snapshot renders the page once more.
    if (names.every((name) => changes[name] === this.#now[name])) return;
    this.#now = changed(this.#now, changes);
    for (const listener of this.#listeners) listener();
  }

  /** Marks places for some milliseconds. */
  mark(kind: "saved" | "fresh", places: readonly string[], milliseconds: number): void {
    if (places.length === 0) return;
    this.set({ [kind]: new Set([...this.#now[kind], ...places]) });
    setTimeout(() => {
      const left = [...this.#now[kind]].filter((marked) => !places.includes(marked));
      this.set({ [kind]: new Set(left) });
    }, milliseconds);
  }
}

function changed(before: Snapshot, changes: Partial<Snapshot>): Snapshot {
  const next = { ...before, ...changes };
  const isOther =
    next.view !== before.view || next.outbox !== before.outbox || next.writing !== before.writing;
  if (next.view !== null && isOther) next.clashes = clashes(next.outbox, next.view, next.writing);
  if (next.outbox.landings !== before.outbox.landings) {
    const issued = [...issuedBy(next.outbox.landings)];
    next.aliases = new Map([...before.aliases, ...issued.map(([own, id]) => [id, own] as const)]);
  }
  next.unreachableSince = next.isReachable ? null : (next.unreachableSince ?? Date.now());
  return next;
}
