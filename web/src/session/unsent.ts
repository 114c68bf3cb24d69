import { entries } from "idb-keyval";

import type { SessionView } from "../api/generated";
import { database } from "./database";
import { journalsOf } from "./journal";
import { isSame } from "./json";
import { whenLeft } from "./leaving";
import type { Entry, Outbox } from "./outbox";
import { entriesWith } from "./outboxChanges";

/** What a person has typed in one session, and the API does not have. */
export interface Unsent {
  sessionId: string;
  /** The session as it was last seen; null if it was not. */
  view: SessionView | null;
  entries: readonly Entry[];
}

/**
 * All sessions of a person with unsent text, such as for a copy of it at sign-out. Pages that were
 * left a moment ago have some time to send theirs.
 */
export async function unsentOf(person: string): Promise<Unsent[]> {
  await whenLeft();
  const views = new Map<string, SessionView>();
  const unsent = new Map<string, readonly Entry[]>();
  for (const [key, value] of await entries<IDBValidKey, unknown>(database()).catch(() => [])) {
    if (!Array.isArray(key) || key[1] !== person) continue;
    if (key[0] === "view") views.set(String(key[2]), value as SessionView);
    if (key[0] === "outbox") unsent.set(String(key[2]), (value as Outbox).entries);
  }
  for (const { sessionId, changes } of journalsOf(person))
    unsent.set(sessionId, entriesWith(unsent.get(sessionId) ?? [], changes));
  return [...unsent].flatMap(([sessionId, found]) => {
    const left = found.filter(({ base, value }) => !isSame(base, value));
    return left.length === 0
      ? []
      : [{ sessionId, view: views.get(sessionId) ?? null, entries: left }];
  });
}
