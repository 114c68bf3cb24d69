import { ApiProblem } from "../api/client";
import { BackOff } from "../session/backOff";

/** Resolves after a time, or once the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}

/**
 * The answer to a request that is repeated until the API can be reached. It has the same key each time.
 *
 * @throws ApiProblem that is a refusal; or the last one, if the signal is aborted
 */
export async function insisted<Answer>(
  request: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const backOff = new BackOff();
  for (;;) {
    try {
      return await request();
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.isUnreachable) || signal.aborted)
        throw problem;
      backOff.fail(problem);
      await pause(backOff.pause(), signal);
    }
  }
}
