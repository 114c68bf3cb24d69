import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { type Clash, resolved, withRestored } from "./clashes";
import { edited } from "./edits";
import { isSame, type JsonObject } from "./json";
import { type Landing, landed, withLanding } from "./landings";
import { isNewElement } from "./newElements";
import type { OutboxStorage } from "./outboxStorage";
import { SessionState } from "./SessionState";
import { QUIET, Sending } from "./sending";
import type { SessionApi } from "./sessionApi";
import { place, type Shown, type Snapshot } from "./snapshot";
import type { PresenceRow } from "./stream";
import { Hurry, type Shared, type TabMessage } from "./tabMessages";
import type { Tabs } from "./tabs";
import { LONGEST_WRITING, type Writing } from "./writing";

/** Milliseconds that a field says "saved". */
const SAVED_FOR = 2_000;

/**
 * One session in one tab: what is acknowledged, and what is not. It is meant for
 * `useSyncExternalStore`. Of the tabs of a browser one leads: it sends, and follows the stream.
 */
export class SessionStore {
  readonly #state: SessionState;
  readonly #sending: Sending;
  readonly #hurry: Hurry;
  /** What was typed before there was a view to lay it over. */
  readonly #early: { stage: Stage; patch: JsonObject }[] = [];
  /** How often it was closed. */
  #closings = 0;
  #leads = false;
  /** Whether another tab leads, as far as it is known. */
  #follows = true;
  #lastAt = 0;
  #writingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: SessionApi,
    storage: OutboxStorage,
    private readonly tabs: Tabs<TabMessage>,
  ) {
    this.#hurry = new Hurry((id) => tabs.say({ kind: "hurry", id }));
    this.#state = new SessionState(storage, (changes) => tabs.say({ kind: "changes", ...changes }));
    this.#sending = new Sending(api, {
      view: () => this.#state.now.view,
      outbox: () => this.#state.now.outbox,
      writing: () => this.#state.now.writing,
      mayConnect: () => this.#leads,
      keep: (outbox, view) => this.#state.keep(outbox, view),
      saved: ({ stage, entries }) => {
        const places = entries.map(({ path }) => place(stage, path));
        this.#state.shown.set({ savedAt: Date.now() });
        this.#state.shown.mark("saved", places, SAVED_FOR);
      },
      failed: (error, isReachable) => {
        this.#reach(isReachable);
        this.#state.shown.set({ error });
        this.meet(error);
      },
      reached: () => this.#reach(true),
    });
  }

  readonly subscribe: Shown["subscribe"] = (listener) => this.#state.shown.subscribe(listener);

  readonly snapshot = (): Snapshot => this.#state.now;

  /** Whether there is text that the API may take, which this tab or another one sends. */
  get isDue(): boolean {
    return this.#sending.isDue();
  }

  /** Shows what this device has of the session at once, and then what the API has. */
  async open(): Promise<void> {
    this.#sending.open();
    this.tabs.open((message) => this.#hear(message));
    void this.#lookForLeader();
    const reading = this.api.read();
    reading.catch(() => undefined); // its failure is shown once the device has answered
    await this.#state.restore();
    this.#typeEarly();
    this.tabs.say({ kind: "changes", isFound: true, ...this.#state.found });
    this.tabs.say({ kind: "hello" });
    await this.#show(reading);
  }

  /** This tab leads from now on. What the one before it has stored is sent first. */
  async lead(): Promise<void> {
    const closings = this.#closings;
    // The one before it may have ended without notice.
    this.#follows = false;
    await this.#state.restore();
    if (closings !== this.#closings) return;
    this.#leads = true;
    this.tabs.say({ kind: "leader", isThere: true });
    this.#sending.soon(0);
  }

  /** Sends and hears nothing until it is opened again. What is changed meanwhile is stored. */
  close(): void {
    if (this.#leads) this.tabs.say({ kind: "leader", isThere: false });
    this.#closings += 1;
    this.#leads = false;
    this.#follows = true;
    clearTimeout(this.#writingEnds);
    this.#sending.close();
    this.tabs.close();
  }

  change(stage: Stage, patch: JsonObject): void {
    const { view, outbox } = this.#state.now;
    if (view === null) {
      this.#early.push({ stage, patch });
      return;
    }
    const at = this.#now();
    const after = edited(outbox, view, stage, patch, at);
    void this.#state.keep(after, undefined, this.#leads ? undefined : at);
    this.#sending.whenQuiet();
  }

  resolve(clash: Clash, choice: "mine" | "theirs"): void {
    const { view, outbox } = this.#state.now;
    if (view === null) return;
    void this.#state.keep(resolved(outbox, view, clash, choice, this.#now()));
    this.#sending.soon(0);
    if (!this.#leads) this.tabs.say({ kind: "hurry", id: "" });
  }

  /** Takes a view that a request or the stream has brought. An older one is ignored. */
  readonly receive = (view: SessionView): void => {
    void this.#state.keep(this.#state.now.outbox, view);
    this.#typeEarly();
    this.#sending.soon(QUIET);
  };

  /** One of the newest views; null if this tab has not seen it, or long ago. */
  readonly viewAt = (revision: number): SessionView | null => this.#state.recent.at(revision);

  /** A write of the assistant is on its way, or its outcome is known. */
  readonly setWriting = (writing: Writing | null): void => {
    this.#share({ writing });
    this.#heedWriting(writing);
  };

  /** A write of the assistant was accepted: what the person typed meanwhile is saved over it. */
  readonly land = (landing: Landing, view: SessionView): void => {
    const { outbox } = this.#state.now;
    const entries = outbox.entries.flatMap((entry) => landed(entry, landing));
    const landings = withLanding(outbox.landings, landing);
    const after = withRestored({ ...outbox, entries, landings }, landing, view, this.#now());
    void this.#state.keep(after, view);
  };

  /** Takes what a problem of any request says about the session. */
  readonly meet = (problem: unknown): void => {
    const isLost = problem instanceof ApiProblem && problem.code === "session_lost";
    if (isLost && !this.#state.now.isLost) this.#share({ isLost });
  };

  readonly setPeople = (people: readonly PresenceRow[]): void => {
    if (!isSame(people, this.#state.now.people)) this.#share({ people });
  };

  /** The stream has opened or ended: when it is back, what is unsent is tried at once. */
  readonly setConnection = (isOpen: boolean): void => {
    this.#share(isOpen ? { isLive: true } : { isLive: false, people: [] });
    if (!isOpen) return;
    this.#reach(true);
    this.#sending.retry();
  };

  /** Sends all that can be sent now. */
  readonly flush = (): Promise<void> => (this.#leads ? this.#sending.flush() : this.#hurry.sent());

  /**
   * The page is being left, and may end with this task: what is not sent goes along, as far as the
   * browser takes it, and the next page knows all of it. If another tab leads, that one sends it:
   * of two saves of the same text, the second would be asked about, because the API may have
   * changed the text of the first.
   */
  leave(): void {
    if (this.#follows && !this.#leads) this.tabs.say({ kind: "hurry", id: "" });
    else this.#sendLast();
    if (this.#leads) this.tabs.say({ kind: "leader", isThere: false });
    this.#state.storeAtOnce();
  }

  /** The page is no longer visible. A phone may end it without notice. */
  readonly hide = (): void => {
    this.#state.storeAtOnce();
    void this.flush();
  };

  /** The page is shown again after it was left, or the browser is online again. */
  readonly comeBack = (): void => {
    if (this.#leads) this.tabs.say({ kind: "leader", isThere: true });
    this.#sending.retry();
    this.#sending.soon(0);
  };

  #sendLast(): void {
    // The tab before may have been left at once, too: of two saves, one would be forgotten.
    if (!this.#leads) this.#state.restoreAtOnce();
    const outbox = this.#sending.last();
    if (outbox === null || outbox.sent === null) return;
    const { sent } = outbox;
    // If there is a leader that has not been heard yet, it would add the element once more.
    if (!this.#leads && sent.entries.some(isNewElement)) return;
    this.#state.keepLast(outbox);
    this.api.saveLast(sent);
  }

  /** Two changes within a millisecond are told apart. */
  #now(): number {
    this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
    return this.#lastAt;
  }

  async #lookForLeader(): Promise<void> {
    this.#follows = await this.tabs.hasLeader().catch(() => true);
  }

  #typeEarly(): void {
    if (this.#state.now.view === null) return;
    for (const { stage, patch } of this.#early.splice(0)) this.change(stage, patch);
  }

  async #show(reading: Promise<SessionView>): Promise<void> {
    try {
      this.receive(await reading);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.#state.shown.set({ error: problem, isReachable: !problem.isUnreachable });
      this.meet(problem);
    }
  }

  #reach(isReachable: boolean): void {
    if (isReachable !== this.#state.now.isReachable) this.#share({ isReachable });
  }

  #share(shared: Shared): void {
    this.#state.shown.set(shared);
    this.tabs.say({ kind: "shared", shared });
  }

  /** What waits for the assistant's write goes on after it; also if its tab has ended. */
  #heedWriting(writing: Writing | null): void {
    clearTimeout(this.#writingEnds);
    if (writing === null) this.#sending.soon(QUIET);
    else
      this.#writingEnds = setTimeout(() => {
        this.#state.shown.set({ writing: null });
        this.#sending.soon(QUIET);
      }, LONGEST_WRITING);
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case "changes":
        if (message.isFound) this.#state.hearFound(message, this.#leads);
        else this.#state.hear(message, this.#leads);
        this.#typeEarly();
        this.#sending.whenQuiet();
        break;
      case "shared":
        this.#state.shown.set(message.shared);
        if (message.shared.writing !== undefined) this.#heedWriting(message.shared.writing);
        break;
      case "leader":
        this.#follows = message.isThere;
        break;
      case "flushed":
        this.#hurry.isSent(message.id);
        break;
      case "hello":
        if (this.#leads) this.#greet();
        break;
      case "hurry":
        if (this.#leads) void this.#hurryFor(message.id);
    }
  }

  #greet(): void {
    this.tabs.say({ kind: "leader", isThere: true });
    this.tabs.say({ kind: "changes", ...this.#state.whole });
    const { people, isLive, isLost, writing } = this.#state.now;
    this.tabs.say({ kind: "shared", shared: { people, isLive, isLost, writing } });
  }

  async #hurryFor(id: string): Promise<void> {
    await this.#sending.flush();
    this.tabs.say({ kind: "flushed", id });
  }
}
