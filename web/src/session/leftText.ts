import type { Identity } from "../identity/types";
import { unsentOf } from "./unsent";

/** Sends what earlier pages of a person have left on this device, in any of their sessions. */
export async function sendLeftText(person: string, identity: Identity): Promise<void> {
  const unsent = await unsentOf(person);
  if (unsent.length === 0) return;
  const { sessionOf } = await import("./openSessions");
  // A session that is left stays open until its text is sent.
  for (const { sessionId } of unsent) sessionOf(person, sessionId).hold(identity)();
}
