import { delMany, entries } from "idb-keyval";

import { forgetConversations, forgetConversationsOf } from "../assistant/threads";
import { database } from "./database";
import { journalsOf } from "./journal";
import { forgetLedgers } from "./ledgers";
import type { Outbox } from "./outbox";

/** Deletes a session from this device, with what is not sent, and with what was said about it. */
export function forgetSession(person: string, sessionId: string): Promise<void> {
  forgetConversations(sessionId);
  for (const journal of journalsOf(person)) if (journal.sessionId === sessionId) journal.remove();
  forgetLedgers(person, sessionId);
  return delMany(
    [
      ["outbox", person, sessionId],
      ["view", person, sessionId],
    ],
    database(),
  );
}

/**
 * Deletes a person's sessions from this device, except for those with unsent text: another person
 * may use it next.
 */
export async function forgetPerson(person: string): Promise<void> {
  forgetLedgers(person);
  forgetConversationsOf(person);
  const store = database();
  const own = (await entries<IDBValidKey, unknown>(store)).filter(
    ([key]) => Array.isArray(key) && key[1] === person,
  );
  const idOf = (key: IDBValidKey) => (key as IDBValidKey[])[2];
  const unsent = new Set([
    ...own
      .filter(([key, value]) => (key as IDBValidKey[])[0] === "outbox" && hasText(value as Outbox))
      .map(([key]) => idOf(key)),
    // The next page writes it to the database.
    ...journalsOf(person).map(({ sessionId }) => sessionId),
  ]);
  await delMany(
    own.map(([key]) => key).filter((key) => !unsent.has(idOf(key))),
    store,
  );
}

function hasText({ entries: unsent, sent }: Outbox): boolean {
  return unsent.length > 0 || sent !== null;
}
