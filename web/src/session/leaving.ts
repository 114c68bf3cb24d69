/** Sessions whose page was left, and whose text is still being sent. */

/** Milliseconds that a person who leaves waits for them. */
const PATIENCE = 3_000;

const leaving = new Set<Promise<unknown>>();

export function addLeaving(sending: Promise<unknown>): void {
  const ended = sending.catch(() => undefined);
  leaving.add(ended);
  void ended.finally(() => leaving.delete(ended));
}

/** Resolves once all of them are sent, or after a while. */
export async function whenLeft(): Promise<void> {
  if (leaving.size === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  await Promise.race([Promise.all(leaving), patience]);
  clearTimeout(timer);
}
