import { vi } from "vitest";

import { ApiProblem } from "../../api/client";
import type { SessionView } from "../../api/generated";
import { withChanges } from "../acknowledged";
import { EMPTY, type Outbox, type Sent } from "../outbox";
import type { OutboxChanges } from "../outboxChanges";
import { OutboxStorage } from "../outboxStorage";
import { SessionStore } from "../SessionStore";
import type { Answer, SessionApi } from "../sessionApi";
import type { TabMessage } from "../tabMessages";

export function view(revision: number, title: string, state = "none"): SessionView {
  const stages = { eventSetup: { data: { title } }, ticketSetup: { data: {} } };
  return { is_active: true, publication: { state }, revision, stages } as unknown as SessionView;
}

/** One device with an API whose answers a test gives. */
export class Device {
  readonly saves: Sent[] = [];
  /** What the page that was left has sent along. */
  readonly last: Sent[] = [];
  /** The changes in the journal. */
  readonly journals = new Map<string, OutboxChanges>();
  /** Whether the database takes what it is given: a page that ends does not wait for it. */
  isWriting = true;
  isJournalFull = false;
  readonly opened: SessionStore[] = [];
  /** What tabs that hear nothing for a while will hear. */
  readonly #delayed = new Map<SessionStore, TabMessage[]>();
  answer: (sent: Sent) => Answer | Promise<Answer> = ({ revision, body }) => ({
    view: view(revision + 1, String(body["title"])),
    isReplay: false,
  });
  current = view(1, "Old");
  stored: { view: SessionView | null; outbox: Outbox } = { view: null, outbox: EMPTY };
  #leaders = 0;
  readonly #listeners = new Map<SessionStore, (message: TabMessage) => void>();

  async tab(leads: boolean): Promise<SessionStore> {
    const store: SessionStore = new SessionStore(this.#api(), this.#storage(), {
      open: (listen) => {
        this.#listeners.set(store, listen);
      },
      onLeader: () => undefined,
      hasLeader: async () => this.#leaders > 0,
      say: (message) => {
        if (!this.#listeners.has(store)) return;
        for (const [other, listen] of [...this.#listeners]) {
          if (other === store) continue;
          const waiting = this.#delayed.get(other);
          if (waiting === undefined) listen(message);
          else waiting.push(message);
        }
      },
      close: () => {
        this.#listeners.delete(store);
        if (leads) this.#leaders -= 1;
      },
    });
    this.opened.push(store);
    await store.open();
    if (leads) this.#leaders += 1;
    if (leads) await store.lead();
    return store;
  }

  /** A tab hears nothing until `deliver`. */
  delay(store: SessionStore): void {
    this.#delayed.set(store, []);
  }

  deliver(store: SessionStore): void {
    const messages = this.#delayed.get(store) ?? [];
    this.#delayed.delete(store);
    for (const message of messages) this.#listeners.get(store)?.(message);
  }

  /** A tab ends without notice, as if it had crashed. */
  end(store: SessionStore): void {
    this.#listeners.delete(store);
  }

  #api(): SessionApi {
    return {
      read: async () => this.current,
      save: async (sent) => {
        this.saves.push(sent);
        return this.answer(sent);
      },
      saveLast: (sent) => {
        this.saves.push(sent);
        this.last.push(sent);
      },
      actions: async () => [],
    };
  }

  #storage(): OutboxStorage {
    const tab = String(this.journals.size + this.#listeners.size + Math.random());
    const whenWritten = async () => {
      if (!this.isWriting) await new Promise(() => undefined);
    };
    return new OutboxStorage(
      {
        read: async () => this.stored,
        update: async (changes) => {
          await whenWritten();
          this.stored = { ...this.stored, outbox: withChanges(this.stored.outbox, changes) };
        },
        updateView: async (stored) => {
          await whenWritten();
          this.stored = { ...this.stored, view: stored };
        },
      },
      {
        read: () =>
          [...this.journals].map(([key, changes]) => ({
            changes,
            remove: () => this.journals.delete(key),
          })),
        write: (changes) => {
          if (this.isJournalFull) throw new Error("full");
          if (changes === null) this.journals.delete(tab);
          else this.journals.set(tab, changes);
        },
      },
    );
  }
}

export function refuse(...problem: ConstructorParameters<typeof ApiProblem>): () => never {
  return () => {
    throw new ApiProblem(...problem);
  };
}

export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
