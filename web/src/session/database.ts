import { createStore, type UseStore } from "idb-keyval";

let opened: UseStore | undefined;

/** What this device keeps, by `["outbox" | "view", person, session]`. */
export function database(): UseStore {
  opened ??= createStore("event-wizard", "outbox");
  return opened;
}

/** In the local storage: the save that a page sent when it was left. */
export function lastSaveKey(person: string, sessionId: string): string {
  return `outbox ${person} ${sessionId}`;
}
