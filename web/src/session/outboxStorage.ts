import { createStore, get, set, type UseStore, update } from "idb-keyval";

import type { SessionView } from "../api/generated";
import { EMPTY, type Outbox } from "./outbox";
import { type OutboxChanges, withChanges } from "./outboxChanges";

/** Keeps a person's unsent edits of a session, and the last view, on this device. */
export interface OutboxStorage {
  read(): Promise<{ view: SessionView | null; outbox: Outbox }>;
  /** Applies changes to what all tabs have stored. */
  write(changes: OutboxChanges): Promise<void>;
  writeView(view: SessionView): Promise<void>;
}

let database: UseStore | undefined;

function store(): UseStore {
  database ??= createStore("event-wizard", "outbox");
  return database;
}

/** `person` is the user and the tenant that the token speaks for: no other person sees the outbox. */
export function outboxStorage(person: string, sessionId: string): OutboxStorage {
  const outboxKey = ["outbox", person, sessionId];
  const viewKey = ["view", person, sessionId];
  return {
    async read() {
      const [view, outbox] = await Promise.all([
        get<SessionView>(viewKey, store()),
        get<Outbox>(outboxKey, store()),
      ]);
      return { view: view ?? null, outbox: outbox ?? EMPTY };
    },
    write: (changes) =>
      update<Outbox>(outboxKey, (stored) => withChanges(stored ?? EMPTY, changes), store()),
    writeView: (view) => set(viewKey, view, store()),
  };
}
