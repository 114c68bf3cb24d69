import { get, update } from "idb-keyval";
import type { SessionView } from "../api/generated";
import { withChanges } from "./acknowledged";
import { database } from "./database";
import { EMPTY, type Outbox } from "./outbox";
import type { OutboxChanges } from "./outboxChanges";

/** What the database has of one session. */
export interface OutboxDatabase {
  read(): Promise<{ view: SessionView | null; outbox: Outbox }>;
  /** Applies changes to what all tabs have written. */
  update(changes: OutboxChanges): Promise<void>;
  updateView(view: SessionView): Promise<void>;
}

export function outboxDatabase(person: string, sessionId: string): OutboxDatabase {
  const outboxKey = ["outbox", person, sessionId];
  const viewKey = ["view", person, sessionId];
  return {
    async read() {
      const [view, stored] = await Promise.all([
        get<SessionView>(viewKey, database()),
        get<Outbox>(outboxKey, database()),
      ]);
      return { view: view ?? null, outbox: { ...EMPTY, ...stored } };
    },
    update: async (changes) =>
      update<Outbox>(
        outboxKey,
        (stored) => withChanges({ ...EMPTY, ...stored }, changes),
        database(),
      ),
    updateView: async (view) =>
      update<SessionView>(
        viewKey,
        (stored) => (stored !== undefined && stored.revision > view.revision ? stored : view),
        database(),
      ),
  };
}
