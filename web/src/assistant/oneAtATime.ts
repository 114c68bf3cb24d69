/**
 * Of the tabs that have a conversation open, one works on it at a time. In a browser without locks,
 * each tab works as if it were alone.
 */
export class OneAtATime {
  readonly #closed = new AbortController();
  readonly #channel: BroadcastChannel | null;
  #waiting: Promise<void> | null = null;

  /**
   * @param elsewhere is called when another tab begins to work, and when it has finished: the thread
   * may have changed by then
   */
  constructor(
    private readonly name: string,
    private readonly elsewhere: (isAtWork: boolean) => void,
  ) {
    this.#channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
    if (this.#channel !== null) this.#channel.onmessage = () => void this.#wait();
    void this.#waitIfHeld();
  }

  /** Does the work once no other tab is at work. Never, if it is closed before. */
  async alone(work: () => Promise<void>): Promise<void> {
    const locks: LockManager | null | undefined = navigator.locks;
    let isDone = false;
    const announced = async () => {
      isDone = true;
      this.#channel?.postMessage("working");
      await work();
    };
    if (!locks) return await announced();
    while (!isDone && !this.#closed.signal.aborted) {
      await locks.request(this.name, { ifAvailable: true }, (lock) =>
        lock === null ? undefined : announced(),
      );
      if (!isDone) await this.#wait();
    }
  }

  close(): void {
    this.#closed.abort();
    this.#channel?.close();
  }

  /** Resolves once the other tab is done, or gone. */
  #wait(): Promise<void> {
    this.#waiting ??= this.#waitOnce().finally(() => {
      this.#waiting = null;
    });
    return this.#waiting;
  }

  async #waitOnce(): Promise<void> {
    const { signal } = this.#closed;
    if (!navigator.locks || signal.aborted) return;
    this.elsewhere(true);
    // The lock is given back at once.
    await navigator.locks.request(this.name, { signal }, () => undefined).catch(() => undefined);
    if (!signal.aborted) this.elsewhere(false);
  }

  async #waitIfHeld(): Promise<void> {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    if (held.some((lock) => lock.name === this.name)) await this.#wait();
  }
}
