import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { differences } from "./differences";
import type { JsonObject } from "./json";
import { issuedIds } from "./newElements";
import {
  accepted,
  type Clash,
  clashes,
  dataOf,
  EMPTY,
  edited,
  type Outbox,
  refused,
  resolved,
  withNextSave,
  withView,
} from "./outbox";
import { changesBetween, isNothing, type OutboxChanges, withChanges } from "./outboxChanges";
import type { OutboxStorage } from "./outboxStorage";
import type { Path } from "./paths";
import { type SessionApi, viewIn } from "./sessionApi";
import type { PresenceRow } from "./stream";
import type { Tabs } from "./tabs";

/** Milliseconds of quiet before what was typed is sent. */
export const QUIET = 1_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Milliseconds that a field says "saved", and that a field of another person is washed. */
const SAVED_FOR = 2_000;
const FRESH_FOR = 8_000;

export type TabMessage =
  | { kind: "view"; view: SessionView }
  | { kind: "outbox"; changes: OutboxChanges }
  | { kind: "people"; people: readonly PresenceRow[] }
  | { kind: "reachable"; isReachable: boolean }
  | { kind: "hurry" };

/** What a page shows of a session. Each change makes a new object. */
export interface Snapshot {
  view: SessionView | null;
  outbox: Outbox;
  clashes: readonly Clash[];
  people: readonly PresenceRow[];
  error: ApiProblem | null;
  /** Whether the last save could reach the API. */
  isReachable: boolean;
  /** When the API was first missed; null while it can be reached. */
  unreachableSince: number | null;
  savedAt: number | null;
  saved: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  /** The ids of this browser by those that the API gave the same elements. */
  aliases: ReadonlyMap<string, string>;
}

const NOTHING: Snapshot = {
  view: null,
  outbox: EMPTY,
  clashes: [],
  people: [],
  error: null,
  isReachable: true,
  unreachableSince: null,
  savedAt: null,
  saved: new Set(),
  fresh: new Set(),
  aliases: new Map(),
};

/**
 * One session in one tab: what is acknowledged, what is not, and the one request that sends it. It
 * is meant for `useSyncExternalStore`.
 */
export class SessionStore {
  #snapshot = NOTHING;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(
    private readonly api: SessionApi,
    private readonly storage: OutboxStorage,
    private readonly tabs: Tabs<TabMessage>,
  ) {
    tabs.onMessage((message) => this.#hear(message));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** Shows what this device has of the session at once, and then what the API has. */
  async open(): Promise<void> {
    const { view, outbox } = await this.storage.read();
    // The person may have typed while it was read.
    const merged = withChanges(outbox, changesBetween(EMPTY, this.#snapshot.outbox));
    this.#set({ outbox: { ...merged, sent: outbox.sent } });
    if (view !== null && this.#snapshot.view === null) this.receive(view);
    try {
      this.receive(await this.api.read());
    } catch (failure) {
      this.#fail(failure);
    }
    this.#soon(0);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.tabs.close();
  }

  change(stage: Stage, patch: JsonObject): void {
    const { view, outbox } = this.#snapshot;
    if (view === null) return;
    this.#keep(edited(outbox, view, stage, patch, Date.now()));
    this.#soon(QUIET);
  }

  resolve(clash: Clash, choice: "mine" | "theirs"): void {
    const { view, outbox } = this.#snapshot;
    if (view === null) return;
    this.#keep(resolved(outbox, view, clash, choice));
    this.#soon(0);
  }

  /** Takes a view that a request, the stream or another tab has brought. An older one is ignored. */
  readonly receive = (view: SessionView): void => {
    const before = this.#snapshot.view;
    if (before !== null && view.revision < before.revision) return;
    const fresh = before === null ? [] : this.#changedByOthers(before, view);
    this.#set({ view, error: null });
    this.#keep(withView(this.#snapshot.outbox, view));
    this.#mark("fresh", fresh, FRESH_FOR);
    if (before === null || before.revision !== view.revision) {
      this.tabs.say({ kind: "view", view });
      if (this.tabs.isLeader) void this.storage.writeView(view).catch(() => undefined);
    }
    this.#soon(QUIET);
  };

  readonly setPeople = (people: readonly PresenceRow[]): void => {
    this.#set({ people });
    this.tabs.say({ kind: "people", people });
  };

  /** The stream has opened or ended: when it is back, what is unsent is tried at once. */
  readonly setConnection = (isOpen: boolean): void => {
    if (isOpen) this.#reach(true);
    if (!isOpen || this.#failures === 0) return;
    this.#failures = 0;
    this.#soon(0);
  };

  /** Sends all that can be sent now. */
  readonly flush = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (!this.tabs.isLeader) {
      this.tabs.say({ kind: "hurry" });
      await this.#settled();
      return;
    }
    while (this.#canSend()) {
      const failures = this.#failures;
      await this.#send();
      if (this.#failures > failures) return;
    }
  };

  /** The page is being left: what is not sent goes along, as far as the browser takes it. */
  leave(): void {
    const { view, outbox } = this.#snapshot;
    if (!this.tabs.isLeader || view === null || outbox.sent !== null) return;
    const next = withNextSave(outbox, view, crypto.randomUUID());
    if (next.sent === null) return;
    this.#keep(next);
    void this.api.save(next.sent, true).catch(() => undefined);
  }

  #canSend(): boolean {
    const { view, outbox } = this.#snapshot;
    if (view === null || this.#isClosed) return false;
    return outbox.sent !== null || withNextSave(outbox, view, "").sent !== null;
  }

  #soon(milliseconds: number): void {
    if (this.#isClosed || !this.tabs.isLeader) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        if (this.#canSend()) void this.#send();
      },
      Math.max(milliseconds, this.#pause()),
    );
  }

  /** After failures, twice as long each time; about half of it is chance. */
  #pause(): number {
    if (this.#failures === 0) return 0;
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), LONGEST_PAUSE);
    return pause / 2 + (Math.random() * pause) / 2;
  }

  /** One save at a time. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendOnce().finally(() => {
      this.#sending = null;
      this.#soon(this.#failures > 0 ? 0 : QUIET);
    });
    return this.#sending;
  }

  async #sendOnce(): Promise<void> {
    const { view, outbox } = this.#snapshot;
    if (view === null) return;
    const next = withNextSave(outbox, view, crypto.randomUUID());
    this.#keep(next);
    const { sent } = next;
    if (sent === null) return;
    try {
      const answer = await this.api.save(sent);
      this.#failures = 0;
      this.#reach(true);
      this.#accept(answer);
      this.#mark(
        "saved",
        sent.entries.map(({ path }) => place(sent.stage, path)),
        SAVED_FOR,
      );
    } catch (failure) {
      this.#refuse(failure);
    }
  }

  #accept(answer: SessionView): void {
    const current = this.#snapshot.view;
    const view = current !== null && current.revision > answer.revision ? current : answer;
    const { sent } = this.#snapshot.outbox;
    if (sent !== null) this.#learn(issuedIds(sent, dataOf(view, sent.stage)));
    this.#keep(accepted(this.#snapshot.outbox, view));
    this.#set({ savedAt: Date.now() });
    this.receive(view);
  }

  #learn(issued: ReadonlyMap<string, string>): void {
    if (issued.size === 0) return;
    const aliases = new Map(this.#snapshot.aliases);
    for (const [own, id] of issued) aliases.set(id, own);
    this.#set({ aliases });
  }

  #refuse(failure: unknown): void {
    if (!(failure instanceof ApiProblem)) throw failure;
    const current = viewIn(failure);
    if (failure.code === "revision_conflict") {
      this.#failures = 0;
      this.#reach(true);
      this.#keep(refused(this.#snapshot.outbox));
      if (current !== null) this.receive(current);
      return;
    }
    this.#failures += 1;
    if (failure.isUnreachable || failure.status === 429 || failure.status === 401) {
      this.#reach(!failure.isUnreachable);
      this.#set({ error: failure });
      return;
    }
    // The API will say the same again. A closed session, or one that is being published, keeps the
    // text; anything else waits until it is changed.
    this.#keep(refused(this.#snapshot.outbox, failure.code));
    this.#fail(failure);
    this.#failures = 0;
    if (current !== null) this.receive(current);
  }

  #fail(failure: unknown): void {
    if (!(failure instanceof ApiProblem)) throw failure;
    this.#set({ error: failure, isReachable: !failure.isUnreachable });
  }

  #reach(isReachable: boolean): void {
    if (isReachable === this.#snapshot.isReachable) return;
    this.#set({ isReachable });
    this.tabs.say({ kind: "reachable", isReachable });
  }

  #hear(message: TabMessage): void {
    if (message.kind === "view") this.receive(message.view);
    else if (message.kind === "people") this.#set({ people: message.people });
    else if (message.kind === "reachable") this.#set({ isReachable: message.isReachable });
    else if (message.kind === "hurry") this.#soon(0);
    else {
      this.#set({ outbox: withChanges(this.#snapshot.outbox, message.changes) });
      this.#soon(QUIET);
    }
  }

  /** Shows, stores and tells the other tabs what has changed in the outbox. */
  #keep(outbox: Outbox): void {
    const before = this.#snapshot.outbox;
    const changes = changesBetween(before, outbox);
    if (isNothing(changes, before)) return;
    this.#set({ outbox });
    this.tabs.say({ kind: "outbox", changes });
    void this.storage.write(changes).catch(() => undefined);
  }

  #changedByOthers(before: SessionView, after: SessionView): string[] {
    const own = new Set(this.#snapshot.outbox.entries.map(({ stage, path }) => place(stage, path)));
    const stages = Object.keys(after.stages) as Stage[];
    return stages
      .flatMap((stage) =>
        differences(dataOf(before, stage), dataOf(after, stage)).map(({ path }) =>
          place(stage, path),
        ),
      )
      .filter((changed) => !own.has(changed));
  }

  #mark(kind: "saved" | "fresh", places: readonly string[], milliseconds: number): void {
    if (places.length === 0) return;
    this.#set({ [kind]: new Set([...this.#snapshot[kind], ...places]) });
    setTimeout(() => {
      const left = [...this.#snapshot[kind]].filter((marked) => !places.includes(marked));
      this.#set({ [kind]: new Set(left) });
    }, milliseconds);
  }

  /** Resolves once nothing is on its way any more, or after a while. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, 5 * QUIET);
      const stop = this.subscribe(() => {
        if (!this.#canSend()) done();
      });
      if (!this.#canSend()) done();
    });
  }

  #set(changes: Partial<Snapshot>): void {
    const next = { ...this.#snapshot, ...changes };
    if (next.view !== null && (changes.view !== undefined || changes.outbox !== undefined))
      next.clashes = clashes(next.outbox, next.view);
    next.unreachableSince = next.isReachable ? null : (next.unreachableSince ?? Date.now());
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}

/** The name of a field of a stage among all stages. */
export function place(stage: Stage, path: Path): string {
  return `${stage}${path}`;
}
