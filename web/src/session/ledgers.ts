/** Where a browser keeps what it knows of the assistant's calls about a session. */

import { storedNames } from "./journal";

const KIND = "calls";

export function ledgerName(person: string, sessionId: string): string {
  return JSON.stringify([KIND, person, sessionId]);
}

/** Deletes what the assistant wrote for a person: about one session, or about all. */
export function forgetLedgers(person: string, sessionId?: string): void {
  const start = JSON.stringify([KIND, person]).slice(0, -1);
  const isTheirs = (name: string) =>
    sessionId === undefined ? name.startsWith(`${start},`) : name === ledgerName(person, sessionId);
  for (const name of storedNames().filter(isTheirs)) localStorage.removeItem(name);
}
