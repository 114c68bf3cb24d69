import { entries } from "idb-keyval";

import type { SessionView } from "../api/generated";
import { database } from "./database";
import type { Entry, Outbox } from "./outbox";

/** What a person has typed in one session, and the API does not have. */
export interface Unsent {
  sessionId: string;
  /** The session as it was last seen; null if it was not. */
  view: SessionView | null;
  entries: readonly Entry[];
}

/** All sessions of a person with unsent text, such as for a copy of it at sign-out. */
export async function unsentOf(person: string): Promise<Unsent[]> {
  const stored = await entries<IDBValidKey, unknown>(database());
  const views = new Map<string, SessionView>();
  const found: Unsent[] = [];
  for (const [key, value] of stored) {
    if (!Array.isArray(key) || key[1] !== person) continue;
    if (key[0] === "view") views.set(String(key[2]), value as SessionView);
    const unsent = key[0] === "outbox" ? (value as Outbox).entries : [];
    if (unsent.length > 0) found.push({ sessionId: String(key[2]), view: null, entries: unsent });
  }
  return found.map((unsent) => ({ ...unsent, view: views.get(unsent.sessionId) ?? null }));
}
