/** The key of the request that begins an event: a repeat with the same data begins one event. */

import type { InitialSections } from "../../api/generated";

const ATTEMPT = "beginning";

/** The same key for the same data until the event is begun, also after a reload. */
export function keyOf(sections: InitialSections): string {
  const body = JSON.stringify(sections);
  const kept = JSON.parse(sessionStorage.getItem(ATTEMPT) ?? "{}");
  if (kept.body === body) return kept.key;
  const key = crypto.randomUUID();
  sessionStorage.setItem(ATTEMPT, JSON.stringify({ body, key }));
  return key;
}

export function forgetKey(): void {
  sessionStorage.removeItem(ATTEMPT);
}
