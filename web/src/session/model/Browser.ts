import { ApiProblem } from "../../api/client";
import type { SessionView } from "../../api/generated";
import { withChanges } from "../acknowledged";
import { EMPTY, type Outbox } from "../outbox";
import type { OutboxChanges } from "../outboxChanges";
import { OutboxStorage } from "../outboxStorage";
import { SessionStore } from "../SessionStore";
import type { SessionApi } from "../sessionApi";
import type { TabMessage } from "../tabMessages";
import type { ModelApi } from "./ModelApi";

export type Loss = "request" | "answer";

const IGNORE = () => undefined;

/** A number of 0 or more, and less than `below`. */
export type Random = (below: number) => number;

interface Tab {
  store: SessionStore;
  listen: (message: TabMessage) => void;
  isAlive: boolean;
  /** Its page ended before its database had what was written last. */
  hasLeft: boolean;
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
  readonly #journals = new Map<number, string>();
  #opened = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly person: number,
    private readonly model: ModelApi,
    private readonly random: Random,
  ) {
    this.openTab();
  }

  openTab(): void {
    const tab = { isAlive: true, hasLeft: false, arrival: 0, listen: IGNORE } as unknown as Tab;
    tab.store = new SessionStore(this.api(), this.#storage(tab), {
      open: (listen) => {
        tab.listen = listen;
      },
      onLeader: () => undefined,
      hasLeader: async () => {
        await pause(this.random(5));
        return this.tabs[0] !== tab;
      },
      say: (message) => this.#say(tab, message),
      close: () => {
        tab.listen = IGNORE;
      },
    });
    this.tabs.push(tab);
    void tab.store.open();
    if (this.tabs.length === 1) this.#lead(tab);
  }

  /** A page is left: what its database does not have by then is lost. */
  leave(index: number): void {
    const tab = this.tabs[index % this.tabs.length];
    tab?.store.leave();
    if (tab !== undefined) tab.hasLeft = true;
    this.crash(index);
  }

  /** A tab ends without notice. */
  crash(index: number): void {
    const [tab] = this.tabs.splice(index % this.tabs.length, 1);
    if (tab === undefined) return;
    const didLead = this.tabs.length === 0 || index % (this.tabs.length + 1) === 0;
    tab.isAlive = false;
    tab.store.close();
    if (this.tabs.length === 0) this.openTab();
    else if (didLead && this.tabs[0] !== undefined) this.#lead(this.tabs[0]);
  }

  /** The browser takes a while to see that it is this tab's turn. */
  #lead(tab: Tab): void {
    setTimeout(() => {
      if (tab.isAlive) void tab.store.lead();
    }, this.random(60));
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

  /** The API over this browser's connection. `author` is who changes the session. */
  api(author = this.person): SessionApi {
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
        return carried(() => this.model.save(author, body));
      },
      saveLast: (sent) => {
        const body = structuredClone(sent);
        carried(() => this.model.save(author, body)).catch(IGNORE);
      },
      actions: () => carried(() => this.model.actions()),
    };
  }

  /** The database does one thing after the other. */
  #inTurn<Result>(work: () => Result): Promise<Result> {
    const done = this.#turn.then(() => pause(this.random(20))).then(work);
    this.#turn = done.then(IGNORE);
    return done;
  }

  #storage(tab: Tab): OutboxStorage {
    this.#opened += 1;
    const key = this.#opened;
    const read = () => JSON.parse(this.#stored) as { view: SessionView | null; outbox: Outbox };
    const write = async (stored: () => object) => {
      const isWritten = await this.#inTurn(() => {
        if (!tab.hasLeft) this.#stored = JSON.stringify(stored());
        return !tab.hasLeft;
      });
      if (!isWritten) await new Promise(IGNORE);
    };
    return new OutboxStorage(
      {
        read: () => this.#inTurn(read),
        update: (changes) =>
          write(() => ({ ...read(), outbox: withChanges(read().outbox, changes) })),
        updateView: (view) =>
          write(() =>
            (read().view?.revision ?? 0) > view.revision ? read() : { ...read(), view },
          ),
      },
      {
        read: () =>
          [...this.#journals].map(([other, text]) => ({
            changes: JSON.parse(text) as OutboxChanges,
            remove: () => {
              if (this.#journals.get(other) === text) this.#journals.delete(other);
            },
          })),
        write: (changes) => {
          if (tab.hasLeft) return;
          if (changes === null) this.#journals.delete(key);
          else this.#journals.set(key, JSON.stringify(changes));
        },
      },
    );
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
