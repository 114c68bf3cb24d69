import { createStore, type UseStore } from "idb-keyval";

let opened: UseStore | undefined;

/** What this device keeps, by `["outbox" | "view", person, session]`. */
export function database(): UseStore {
  opened ??= createStore("event-wizard", "outbox");
  return opened;
}
