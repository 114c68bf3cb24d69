import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { differences } from "./differences";
import type { JsonObject } from "./json";
import { issuedBy } from "./landings";
import { isNewElement } from "./newElements";
import {
  type Clash,
  clashes,
  dataOf,
  EMPTY,
  edited,
  type Outbox,
  resolved,
  withView,
} from "./outbox";
import { changesBetween, Gone, isNothing, type OutboxChanges, withChanges } from "./outboxChanges";
import type { OutboxStorage } from "./outboxStorage";
import { QUIET, Sending } from "./sending";
import type { SessionApi } from "./sessionApi";
import { NOTHING, place, type Snapshot } from "./snapshot";
import type { PresenceRow } from "./stream";
import type { Tabs } from "./tabs";

/** Milliseconds that a field says "saved", and that a field of another person is washed. */
const SAVED_FOR = 2_000;
const FRESH_FOR = 8_000;
/** Milliseconds that a tab waits for the one that sends. */
const PATIENCE = 5_000;

type Shared = Partial<Pick<Snapshot, "people" | "isReachable" | "isLive">>;

export type TabMessage =
  | { kind: "changes"; changes: OutboxChanges; view: SessionView | null }
  /** What the tab that leads knows of the API. */
  | { kind: "shared"; shared: Shared }
  /** A tab has opened, and asks for what the others see. */
  | { kind: "hello" }
  | { kind: "hurry"; id: string }
  | { kind: "flushed"; id: string };

/**
 * One session in one tab: what is acknowledged, and what is not. It is meant for
 * `useSyncExternalStore`. Of the tabs of a browser one leads: it sends, and follows the stream.
 */
export class SessionStore {
  #snapshot = NOTHING;
  readonly #listeners = new Set<() => void>();
  readonly #sending: Sending;
  readonly #flushes = new Map<string, () => void>();
  readonly #gone = new Gone();
  #early: SessionView | null = null;
  #leads = false;
  #isClosed = false;
  #lastAt = 0;

  constructor(
    private readonly api: SessionApi,
    private readonly storage: OutboxStorage,
    private readonly tabs: Tabs<TabMessage>,
  ) {
    this.#sending = new Sending(api, {
      view: () => this.#snapshot.view,
      outbox: () => this.#snapshot.outbox,
      mayConnect: () => this.#leads && !this.#isClosed,
      keep: (outbox, view) => this.#keep(outbox, view),
      saved: ({ stage, entries }) => {
        this.#set({ savedAt: Date.now() });
        this.#mark(
          "saved",
          entries.map(({ path }) => place(stage, path)),
          SAVED_FOR,
        );
      },
      failed: (error, isReachable) => {
        this.#reach(isReachable);
        this.#set({ error });
      },
      reached: () => this.#reach(true),
    });
    tabs.onMessage((message) => this.#hear(message));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** Shows what this device has of the session at once, and then what the API has. */
  async open(): Promise<void> {
    const reading = this.api.read();
    reading.catch(() => undefined); // its failure is shown once the device has answered
    await this.#restore();
    this.tabs.say({ kind: "hello" });
    await this.#show(reading);
  }

  /** This tab leads from now on. What the one before it has stored is sent first. */
  async lead(): Promise<void> {
    await this.#restore();
    this.#leads = true;
    this.#sending.soon(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#sending.close();
    this.tabs.close();
  }

  change(stage: Stage, patch: JsonObject): void {
    const { view, outbox } = this.#snapshot;
    if (view === null) return;
    // Two changes within a millisecond are told apart.
    this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
    void this.#keep(edited(outbox, view, stage, patch, this.#lastAt));
    this.#sending.whenQuiet();
  }

  resolve(clash: Clash, choice: "mine" | "theirs"): void {
    const { view, outbox } = this.#snapshot;
    if (view === null) return;
    void this.#keep(resolved(outbox, view, clash, choice));
    this.#sending.soon(0);
    if (!this.#leads) this.tabs.say({ kind: "hurry", id: "" });
  }

  /** Takes a view that a request or the stream has brought. An older one is ignored. */
  readonly receive = (view: SessionView): void => {
    void this.#keep(this.#snapshot.outbox, view);
    this.#sending.soon(QUIET);
  };

  readonly setPeople = (people: readonly PresenceRow[]): void => {
    this.#share({ people });
  };

  /** The stream has opened or ended: when it is back, what is unsent is tried at once. */
  readonly setConnection = (isOpen: boolean): void => {
    this.#share(isOpen ? { isLive: true } : { isLive: false, people: [] });
    if (!isOpen) return;
    this.#reach(true);
    this.#sending.retry();
  };

  /** Sends all that can be sent now. */
  readonly flush = async (): Promise<void> => {
    if (this.#leads) return this.#sending.flush();
    const id = crypto.randomUUID();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      this.#flushes.set(id, () => {
        clearTimeout(timer);
        resolve();
      });
      this.tabs.say({ kind: "hurry", id });
    });
    this.#flushes.delete(id);
  };

  /** The page is being left: what is not sent goes along, as far as the browser takes it. */
  leave(): void {
    const outbox = this.#sending.last();
    const sent = outbox?.sent ?? null;
    if (outbox === null || sent === null) return;
    // The database may not be written any more: the next page has to know of the request.
    this.storage.writeLast(sent);
    void this.#keep(outbox);
    void this.api.save(sent, true).catch(() => undefined);
  }

  /** The page is shown again after it was left, or the browser is online again. */
  readonly comeBack = (): void => {
    this.#sending.retry();
    this.#sending.soon(0);
  };

  async #restore(): Promise<void> {
    const stored = await this.storage.read().catch(() => ({ view: null, outbox: EMPTY }));
    const { view, outbox } = stored;
    const own = this.#snapshot.outbox;
    const { set, landings } = changesBetween(EMPTY, outbox);
    const merged = withChanges(own, this.#gone.without({ set, dropped: [], landings }));
    const sent = outbox.sent ?? own.sent;
    const isKnown = merged.landings.some(({ key }) => key === sent?.key);
    this.#set({ outbox: { ...merged, sent: isKnown ? null : sent } });
    if (view !== null) this.receive(view);
  }

  async #show(reading: Promise<SessionView>): Promise<void> {
    try {
      this.receive(await reading);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.#set({ error: problem, isReachable: !problem.isUnreachable });
    }
  }

  #reach(isReachable: boolean): void {
    if (isReachable !== this.#snapshot.isReachable) this.#share({ isReachable });
  }

  #share(shared: Shared): void {
    this.#set(shared);
    this.tabs.say({ kind: "shared", shared });
  }

  #hear(message: TabMessage): void {
    if (message.kind === "changes") {
      const changes = this.#gone.without(message.changes);
      this.#gone.note(changes.dropped);
      this.#take(withChanges(this.#snapshot.outbox, changes), message.view);
      this.#sending.whenQuiet();
    } else if (message.kind === "shared") this.#set(message.shared);
    else if (message.kind === "flushed") this.#flushes.get(message.id)?.();
    else if (message.kind === "hello") this.#greet();
    else if (this.#leads)
      void this.#sending.flush().then(() => this.tabs.say({ kind: "flushed", id: message.id }));
  }

  #greet(): void {
    const { view, outbox, people, isLive } = this.#snapshot;
    if (!this.#leads) return;
    this.tabs.say({ kind: "changes", changes: changesBetween(EMPTY, outbox), view });
    this.tabs.say({ kind: "shared", shared: { people, isLive } });
  }

  /** Shows, stores and tells the other tabs what has changed. Resolves once it is stored. */
  async #keep(outbox: Outbox, view?: SessionView): Promise<void> {
    const before = this.#snapshot;
    this.#take(outbox, view ?? null);
    const after = this.#snapshot;
    const changes = changesBetween(before.outbox, after.outbox);
    const isNew = after.view?.revision !== before.view?.revision;
    if (isNothing(changes) && !isNew) return;
    this.#gone.note(changes.dropped);
    this.tabs.say({ kind: "changes", changes, view: isNew ? after.view : null });
    const writes = [
      isNothing(changes) ? null : this.storage.write(changes),
      isNew && after.view !== null ? this.storage.writeView(after.view) : null,
    ];
    // Without storage the text is in the page alone.
    await Promise.all(writes).catch(() => undefined);
  }

  #take(outbox: Outbox, brought: SessionView | null): void {
    const before = this.#snapshot.view;
    const view = this.#shownNow(outbox, brought);
    const isOld = view === null || (before !== null && view.revision < before.revision);
    const now = isOld ? before : view;
    const kept = now === null ? outbox : withView(outbox, now, before);
    const fresh = before === null || isOld ? [] : this.#changedByOthers(before, view);
    this.#set({ outbox: kept, view: now, ...(isOld ? {} : { error: null }) });
    this.#mark("fresh", fresh, FRESH_FOR);
  }

  /**
   * A view may have elements of a save whose outcome is not known yet. Each of them would be shown
   * twice: as it was typed, and with its new id. So such a view waits for the outcome.
   */
  #shownNow({ sent }: Outbox, brought: SessionView | null): SessionView | null {
    const early = this.#early;
    const isNewer = early !== null && early.revision > (brought?.revision ?? 0);
    const view = isNewer ? early : brought;
    const isEarly =
      sent?.entries.some(isNewElement) && view !== null && view.revision > sent.revision;
    this.#early = isEarly ? view : null;
    return isEarly ? null : view;
  }

  #changedByOthers(before: SessionView, after: SessionView): string[] {
    if (before.revision === after.revision) return [];
    const { entries, sent } = this.#snapshot.outbox;
    const own = new Set(
      [...entries, ...(sent?.entries ?? [])].map(({ stage, path }) => place(stage, path)),
    );
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

  #set(changes: Partial<Snapshot>): void {
    const before = this.#snapshot;
    const next = { ...before, ...changes };
    if (next.view !== null && (next.view !== before.view || next.outbox !== before.outbox))
      next.clashes = clashes(next.outbox, next.view);
    if (next.outbox.landings !== before.outbox.landings) {
      const own = issuedBy(next.outbox.landings);
      next.aliases = new Map([
        ...before.aliases,
        ...[...own].map(([from, id]) => [id, from] as const),
      ]);
    }
    next.unreachableSince = next.isReachable ? null : (next.unreachableSince ?? Date.now());
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}
