import type { ApiProblem } from "../api/client";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** How long to wait after failures: twice as long each time, or as long as the API asks for. */
export class BackOff {
  #failures = 0;
  #until = 0;
  #notBefore = 0;

  get failures(): number {
    return this.#failures;
  }

  /** Whether the API asked to wait longer. */
  get isAsked(): boolean {
    return Date.now() < this.#notBefore;
  }

  fail(problem: ApiProblem | null): void {
    this.#failures += 1;
    const seconds = problem?.retryAfterSeconds ?? null;
    if (seconds !== null) this.#notBefore = Date.now() + seconds * 1_000;
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), LONGEST_PAUSE);
    // About half of it is chance.
    const own = pause / 2 + (Math.random() * pause) / 2;
    this.#until = Math.max(Date.now() + own, this.#notBefore);
  }

  succeed(): void {
    this.#failures = 0;
    this.#until = 0;
    this.#notBefore = 0;
  }

  /** Milliseconds until the next attempt. */
  pause(): number {
    return Math.max(0, this.#until - Date.now());
  }
}
