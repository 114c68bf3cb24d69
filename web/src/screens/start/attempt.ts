/** The key of the request that begins an event: a repeat with the same data begins one event. */

import type { InitialSections } from "../../api/generated";

/** A person's same data has the same key until the event is begun, also after a reload. */
export function keyOf(person: string, sections: InitialSections): string {
  const body = JSON.stringify(sections);
  const kept = JSON.parse(sessionStorage.getItem(nameOf(person)) ?? "{}");
  if (kept.body === body) return kept.key;
  const key = crypto.randomUUID();
  sessionStorage.setItem(nameOf(person), JSON.stringify({ body, key }));
  return key;
}

export function forgetKey(person: string): void {
  sessionStorage.removeItem(nameOf(person));
}

function nameOf(person: string): string {
  return `beginning ${person}`;
}
