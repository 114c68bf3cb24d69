/**
 * What is not in the database yet, in the local storage. It is written at once, as nothing else is:
 * a page that ends does not wait for its database. Each tab has a place of its own in it.
 */

import type { OutboxChanges } from "./outboxChanges";

export interface JournalEntry {
  changes: OutboxChanges;
  /** Deletes it, unless it has been replaced. */
  remove(): void;
}

export interface Journal {
  /** Those of all tabs. */
  read(): readonly JournalEntry[];
  /**
   * Replaces that of this tab; null removes it.
   *
   * @throws if the local storage is full, or the browser has none
   */
  write(changes: OutboxChanges | null): void;
}

interface JournalName {
  person: string;
  sessionId: string;
  tab: string;
}

const KIND = "unwritten";

function keyOf({ person, sessionId, tab }: JournalName): string {
  return JSON.stringify([KIND, person, sessionId, tab]);
}

function nameOf(key: string): JournalName | null {
  if (!key.startsWith(`["${KIND}"`)) return null;
  const [, person, sessionId, tab] = JSON.parse(key) as [string, string, string, string];
  return { person, sessionId, tab };
}

/** All that a person's tabs have written, by session. */
export function journalsOf(person: string): (JournalName & JournalEntry)[] {
  return storedNames().flatMap((key) => {
    const name = nameOf(key);
    const text = name?.person === person ? localStorage.getItem(key) : null;
    if (name === null || text === null) return [];
    const remove = () => {
      if (localStorage.getItem(key) === text) localStorage.removeItem(key);
    };
    return [{ ...name, changes: JSON.parse(text) as OutboxChanges, remove }];
  });
}

/** The names of all that the local storage has. */
export function storedNames(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return []; // The browser lets this page keep nothing.
  }
}

export function outboxJournal(person: string, sessionId: string): Journal {
  const key = keyOf({ person, sessionId, tab: crypto.randomUUID() });
  return {
    read: () => journalsOf(person).filter((journal) => journal.sessionId === sessionId),
    write(changes) {
      if (changes === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(changes));
    },
  };
}
