import { ApiProblem } from "../../api/client";
import { isObject, type Json, type JsonObject } from "../../session/json";
import type { Browser, Random } from "../../session/model/Browser";
import type { Judge } from "../../session/model/Judge";
import type { ModelApi } from "../../session/model/ModelApi";
import { dataOf } from "../../session/outbox";
import type { SessionStore } from "../../session/SessionStore";
import type { Stage } from "../../stages/stages";
import { Ledger } from "../ledger";
import { pause } from "../patience";
import { type Call, Writer, type WriterHost } from "../Writer";

/** Writes a patch for a call. An ApiProblem ends the call. */
export type Write = (
  host: WriterHost,
  call: Call,
  stage: Stage,
  patch: JsonObject,
) => Promise<unknown>;

export const byTheRules: Write = (host, call, stage, patch) =>
  new Writer(host).write(call, stage, () => patch);

const FIELDS = ["title", "summary", "phone"] as const;
/** Milliseconds that it thinks at most, between reading and writing. */
const LONGEST_THOUGHT = 15_000;

interface Task {
  call: Omit<Call, "signal">;
  stage: Stage;
  patch: JsonObject;
}

/** The assistant of one person. It reads the session, thinks for a while, and writes in their browser. */
export class ModelAssistant {
  readonly #ledger: Ledger;
  readonly #stored = new Map<string, string>();
  #task: Task | null = null;
  #store: SessionStore | null = null;
  #life = new AbortController();
  #calls = 0;

  constructor(
    private readonly author: number,
    private readonly browser: Browser,
    private readonly model: ModelApi,
    private readonly judge: Judge,
    private readonly random: Random,
    private readonly write: Write,
  ) {
    const storage = {
      getItem: (name: string) => this.#stored.get(name) ?? null,
      setItem: (name: string, text: string) => void this.#stored.set(name, text),
    };
    this.#ledger = new Ledger(storage, "calls");
  }

  get isIdle(): boolean {
    return this.#store === null;
  }

  /** Sends the person's sentence from a tab. */
  ask(tab: number, what: number): void {
    const store = this.browser.tabs[tab % this.browser.tabs.length]?.store;
    if (!this.isIdle || store === undefined || !this.browser.isOnline) return;
    void this.#work(store, async (signal) => {
      await store.flush();
      await pause(this.random(1_000), signal);
      if (signal.aborted) return;
      this.#task = this.#plan(what);
      await pause(this.random(LONGEST_THOUGHT), signal);
      await this.#writeTask(store, signal);
    });
  }

  /** If the tab that it works in is gone, it goes on in the page after it. */
  notice(): void {
    if (this.#store === null) return;
    if (this.browser.tabs.some(({ store }) => store === this.#store)) return;
    this.#life.abort();
    const { store } = this.browser.tabs[this.random(this.browser.tabs.length)] ?? {};
    if (store === undefined || this.#task === null) {
      this.#store = null;
      return;
    }
    this.judge.interrupted.add(this.author);
    void this.#work(store, async (signal) => {
      await pause(this.random(3_000), signal);
      await this.#writeTask(store, signal);
    });
  }

  async #work(store: SessionStore, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const life = new AbortController();
    this.#life = life;
    this.#store = store;
    await work(life.signal);
    if (life.signal.aborted) return;
    this.judge.interrupted.delete(this.author);
    this.#store = null;
    this.#task = null;
  }

  async #writeTask(store: SessionStore, signal: AbortSignal): Promise<void> {
    while (store.snapshot().view === null && !signal.aborted) await pause(100, signal);
    if (this.#task === null || signal.aborted) return;
    const { call, stage, patch } = this.#task;
    const api = this.browser.api(this.author);
    const host = { store, api, ledger: this.#ledger, waits: () => undefined };
    try {
      await this.write(host, { ...call, signal }, stage, patch);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
    }
  }

  /** What it wants, from what it reads now. */
  #plan(what: number): Task {
    this.#calls += 1;
    const { revision } = this.model;
    const view = this.model.view();
    const call = { id: `call-${this.author}-${this.#calls}`, revision };
    const stage = what % 2 === 0 ? "eventSetup" : "ticketSetup";
    const data = dataOf(view, stage);
    this.judge.replaces(this.author, stage, "", data);
    const patch = stage === "eventSetup" ? this.#fields(what) : this.#tiers(data, what);
    return { call, stage, patch };
  }

  #fields(what: number): JsonObject {
    const [first = "title", second = "summary"] = [
      FIELDS[what % FIELDS.length],
      FIELDS[(what + 1) % FIELDS.length],
    ];
    if (what % 5 === 4) return { [first]: null, address: { city: this.#text("/address/city") } };
    return { [first]: this.#text(`/${first}`), [second]: this.#text(`/${second}`) };
  }

  #tiers(data: JsonObject, what: number): JsonObject {
    const list = Array.isArray(data["tiers"]) ? data["tiers"].filter(isObject) : [];
    const index = what % Math.max(1, list.length);
    const added = { name: this.#text("/tiers/…"), price: this.#text("/tiers/…") };
    const changed = (tier: JsonObject): Json => ({ ...tier, name: this.#text("/tiers/…") });
    const kinds: Json[][] = [
      [...list, added],
      [added, ...list],
      list.map((tier, at) => (at === index ? changed(tier) : tier)),
      list.filter((_, at) => at !== index),
      [...list].reverse(),
    ];
    return { tiers: kinds[what % kinds.length] ?? list };
  }

  #text(path: string): string {
    const text = `A${this.author}.${this.#calls}.${this.random(1_000_000_000)}`;
    this.judge.types(
      this.author,
      path.startsWith("/tiers") ? "ticketSetup" : "eventSetup",
      path,
      text,
    );
    return text;
  }
}
