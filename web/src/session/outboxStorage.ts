import { createStore, entries, get, type UseStore, update } from "idb-keyval";

import type { SessionView } from "../api/generated";
import { EMPTY, type Entry, type Outbox, type Sent } from "./outbox";
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

let database: UseStore | undefined;

function store(): UseStore {
  database ??= createStore("event-wizard", "outbox");
  return database;
}

/** `person` is the user and the tenant that the token speaks for: no other person sees the outbox. */
export function outboxStorage(person: string, sessionId: string): OutboxStorage {
  const outboxKey = ["outbox", person, sessionId];
  const viewKey = ["view", person, sessionId];
  const lastKey = `outbox ${person} ${sessionId}`;
  return {
    async read() {
      const [view, stored] = await Promise.all([
        get<SessionView>(viewKey, store()),
        get<Outbox>(outboxKey, store()),
      ]);
      const outbox = { ...EMPTY, ...stored };
      return { view: view ?? null, outbox: { ...outbox, sent: outbox.sent ?? last(lastKey) } };
    },
    async write(changes) {
      await update<Outbox>(
        outboxKey,
        (stored) => withChanges({ ...EMPTY, ...stored }, changes),
        store(),
      );
      if (changes.sent !== undefined) localStorage.removeItem(lastKey);
    },
    writeView: (view) =>
      update<SessionView>(
        viewKey,
        (stored) => (stored !== undefined && stored.revision > view.revision ? stored : view),
        store(),
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

/** What a person has typed in one session, and the API does not have. */
export interface Unsent {
  sessionId: string;
  /** The session as it was last seen; null if it was not. */
  view: SessionView | null;
  entries: readonly Entry[];
}

/** All sessions of a person with unsent text, such as for a copy of it at sign-out. */
export async function unsentOf(person: string): Promise<Unsent[]> {
  const stored = await entries<IDBValidKey, unknown>(store());
  const views = new Map<string, SessionView>();
  const found: Unsent[] = [];
  for (const [key, value] of stored) {
    if (!Array.isArray(key) || key[1] !== person) continue;
    if (key[0] === "view") views.set(String(key[2]), value as SessionView);
    const { entries: unsent = [] } = key[0] === "outbox" ? (value as Outbox) : EMPTY;
    if (unsent.length > 0) found.push({ sessionId: String(key[2]), view: null, entries: unsent });
  }
  return found.map((unsent) => ({ ...unsent, view: views.get(unsent.sessionId) ?? null }));
}
