/** What the tabs of a browser say to each other about a session. */

import type { StateChanges } from "./SessionState";
import type { Snapshot } from "./snapshot";

/** Milliseconds that a tab waits for the one that sends. */
const PATIENCE = 5_000;

export type Shared = Partial<
  Pick<Snapshot, "people" | "isReachable" | "isLive" | "isLost" | "writing">
>;

export type TabMessage =
  /** `isFound`: what a tab has found on the device as it opened. */
  | ({ kind: "changes"; isFound?: true } & StateChanges)
  /** What the tab that leads knows of the API. */
  | { kind: "shared"; shared: Shared }
  /** The tab leads, or it does no more. */
  | { kind: "leader"; isThere: boolean }
  /** A tab has opened, and asks for what the others see. */
  | { kind: "hello" }
  | { kind: "hurry"; id: string }
  | { kind: "flushed"; id: string };

/** Has the tab that leads send what this one has typed. */
export class Hurry {
  readonly #waiting = new Map<string, () => void>();

  constructor(private readonly ask: (id: string) => void) {}

  /** Asks the tab that leads to send. Resolves once it has, or after a while. */
  async sent(): Promise<void> {
    const id = crypto.randomUUID();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      this.#waiting.set(id, () => {
        clearTimeout(timer);
        resolve();
      });
      this.ask(id);
    });
    this.#waiting.delete(id);
  }

  isSent(id: string): void {
    this.#waiting.get(id)?.();
  }
}
