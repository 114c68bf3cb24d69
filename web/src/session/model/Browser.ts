import { ApiProblem } from "../../api/client";
import type { SessionView } from "../../api/generated";
import { EMPTY, type Outbox, type Sent } from "../outbox";
import { withChanges } from "../outboxChanges";
import type { OutboxStorage } from "../outboxStorage";
import { SessionStore, type TabMessage } from "../SessionStore";
import type { SessionApi } from "../sessionApi";
import type { ModelApi } from "./ModelApi";

export type Loss = "request" | "answer";

/** A number of 0 or more, and less than `below`. */
export type Random = (below: number) => number;

interface Tab {
  store: SessionStore;
  listen: (message: TabMessage) => void;
  isAlive: boolean;
  /** When its last message arrives. */
  arrival: number;
}

/** The browser of one person: its tabs, what it has stored, and its connection. */
export class Browser {
  isOnline = true;
  readonly tabs: Tab[] = [];
  /** What happens to the next requests. */
  readonly losses: Loss[] = [];
  #stored = JSON.stringify({ view: null, outbox: EMPTY });
  #last: string | null = null;

  constructor(
    readonly person: number,
    private readonly model: ModelApi,
    private readonly random: Random,
  ) {
    this.openTab();
  }

  openTab(): void {
    const tab = { isAlive: true, arrival: 0, listen: () => undefined } as unknown as Tab;
    tab.store = new SessionStore(this.#api(), this.#storage(), {
      isLeader: false,
      onLeader: () => undefined,
      onMessage: (listen) => {
        tab.listen = listen;
      },
      say: (message) => this.#say(tab, message),
      close: () => undefined,
    });
    this.tabs.push(tab);
    void tab.store.open();
    if (this.tabs.length === 1) void tab.store.lead();
  }

  /** A tab ends without a word. */
  crash(index: number): void {
    const [tab] = this.tabs.splice(index % this.tabs.length, 1);
    if (tab === undefined) return;
    const didLead = this.tabs.length === 0 || index % (this.tabs.length + 1) === 0;
    tab.isAlive = false;
    tab.store.close();
    if (this.tabs.length === 0) this.openTab();
    else if (didLead) void this.tabs[0]?.store.lead();
  }

  #say(from: Tab, message: TabMessage): void {
    if (!from.isAlive) return;
    for (const tab of this.tabs) {
      if (tab === from) continue;
      const copy = structuredClone(message);
      tab.arrival = Math.max(tab.arrival, Date.now() + this.random(20));
      setTimeout(() => {
        if (tab.isAlive) tab.listen(copy);
      }, tab.arrival - Date.now());
    }
  }

  #api(): SessionApi {
    const carried = async <T>(request: () => T): Promise<T> => {
      const loss = this.losses.shift();
      await pause(10 + this.random(300));
      if (!this.isOnline || loss === "request") throw new ApiProblem(0, "unreachable", {});
      const answer = request();
      await pause(10 + this.random(300));
      if (!this.isOnline || loss === "answer") throw new ApiProblem(0, "unreachable", {});
      return answer;
    };
    return {
      read: () => carried(() => this.model.view()),
      save: (sent) => {
        const body = structuredClone(sent);
        return carried(() => this.model.save(this.person, body));
      },
      actions: () => carried(() => this.model.actions()),
    };
  }

  #storage(): OutboxStorage {
    const read = () => JSON.parse(this.#stored) as { view: SessionView | null; outbox: Outbox };
    return {
      read: async () => {
        const { view, outbox } = read();
        const last = this.#last === null ? null : (JSON.parse(this.#last) as Sent);
        return { view, outbox: { ...outbox, sent: outbox.sent ?? last } };
      },
      write: async (changes) => {
        const { view, outbox } = read();
        this.#stored = JSON.stringify({ view, outbox: withChanges(outbox, changes) });
        if (changes.sent !== undefined) this.#last = null;
      },
      writeView: async (view) => {
        this.#stored = JSON.stringify({ ...read(), view });
      },
      writeLast: (sent) => {
        this.#last = JSON.stringify(sent);
      },
    };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
