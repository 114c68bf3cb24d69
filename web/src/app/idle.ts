/** Milliseconds after which the work begins even if the browser is never idle. */
const LONGEST_WAIT = 3_000;

/**
 * Does work that no one waits for once the page is loaded and shown, so that it takes nothing from
 * what the page needs. Returns the function that calls it off.
 */
export function whenIdle(work: () => void): () => void {
  const calledOff = new AbortController();
  const begin = () => {
    if (!calledOff.signal.aborted) work();
  };
  const wait = () => {
    // Safari has no idle time to ask for.
    if (typeof requestIdleCallback === "function")
      requestIdleCallback(begin, { timeout: LONGEST_WAIT });
    else setTimeout(begin);
  };
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true, signal: calledOff.signal });
  return () => calledOff.abort();
}
