/**
 * The tabs of one browser that have the same session open. One of them, the leader, follows the
 * stream and sends the saves; the others see what it sees. A tab becomes the leader when the one
 * before it closes. In a browser without locks every tab leads itself.
 */
export interface Tabs<Message> {
  /** Hears the others from now on. */
  open(hear: (message: Message) => void): void;
  /** Calls `lead` once it is this tab's turn, if it is open then. */
  onLeader(lead: () => void): void;
  /** Whether one of the others leads at this moment. */
  hasLeader(): Promise<boolean>;
  /** Tells the others, while it is open. */
  say(message: Message): void;
  /** Hears and leads no more, until it is opened again. */
  close(): void;
}

export function openTabs<Message>(name: string): Tabs<Message> {
  let channel: BroadcastChannel | null = null;
  let closed = new AbortController();

  return {
    open(hear) {
      closed = new AbortController();
      if (!("BroadcastChannel" in globalThis)) return;
      channel = new BroadcastChannel(name);
      channel.onmessage = (event: MessageEvent<Message>) => hear(event.data);
    },
    onLeader(lead) {
      const { signal } = closed;
      const locks: LockManager | null | undefined = navigator.locks;
      if (!locks) {
        queueMicrotask(() => signal.aborted || lead());
        return;
      }
      locks
        .request(name, { signal }, () => {
          if (signal.aborted) return;
          lead();
          return new Promise<void>((release) => {
            signal.addEventListener("abort", () => release());
          });
        })
        .catch(() => undefined); // closed before it was its turn
    },
    async hasLeader() {
      const { held = [] } = (await navigator.locks?.query()) ?? {};
      return held.some((lock) => lock.name === name);
    },
    say: (message) => channel?.postMessage(message),
    close() {
      closed.abort();
      channel?.close();
      channel = null;
    },
  };
}
