import { get, update } from "idb-keyval";

import type { SessionView } from "../api/generated";
import { database, lastSaveKey } from "./database";
import { EMPTY, type Outbox, type Sent } from "./outbox";
import { type OutboxChanges, withChanges } from "./outboxChanges";

/** Keeps a person's unsent edits of a session, and the last view, on this device. */
export interface OutboxStorage {
  read(): Promise<{ view: SessionView | null; outbox: Outbox }>;
  /** Applies changes to what all tabs have stored. */
  write(changes: OutboxChanges): Promise<void>;
  writeView(view: SessionView): Promise<void>;
  /** Keeps the save that a page sends when it is left, at once. */
  writeLast(sent: Sent): void;
}

/** `person` is the user and the tenant that the token speaks for: no other person sees the outbox. */
export function outboxStorage(person: string, sessionId: string): OutboxStorage {
  const outboxKey = ["outbox", person, sessionId];
  const viewKey = ["view", person, sessionId];
  const lastKey = lastSaveKey(person, sessionId);
  return {
    async read() {
      const [view, stored] = await Promise.all([
        get<SessionView>(viewKey, database()),
        get<Outbox>(outboxKey, database()),
      ]);
      const outbox = { ...EMPTY, ...stored };
      return { view: view ?? null, outbox: { ...outbox, sent: outbox.sent ?? last(lastKey) } };
    },
    async write(changes) {
      await update<Outbox>(
        outboxKey,
        (stored) => withChanges({ ...EMPTY, ...stored }, changes),
        database(),
      );
      if (changes.sent !== undefined) localStorage.removeItem(lastKey);
    },
    writeView: (view) =>
      update<SessionView>(
        viewKey,
        (stored) => (stored !== undefined && stored.revision > view.revision ? stored : view),
        database(),
      ),
    writeLast(sent) {
      try {
        localStorage.setItem(lastKey, JSON.stringify(sent));
      } catch {
        // It is full: the next page compares the text with the session.
      }
    },
  };
}

function last(key: string): Sent | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as Sent);
  } catch {
    return null;
  }
}
