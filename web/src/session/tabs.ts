/**
 * The tabs of one browser that have the same session open. One of them, the leader, follows the
 * stream and sends the saves; the others see what it sees. A tab becomes the leader when the one
 * before it closes. In a browser without locks every tab leads itself.
 */
export interface Tabs<Message> {
  readonly isLeader: boolean;
  onLeader(become: () => void): void;
  say(message: Message): void;
  onMessage(listen: (message: Message) => void): void;
  close(): void;
}

export function openTabs<Message>(name: string): Tabs<Message> {
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
  const closed = new AbortController();
  let isLeader = false;
  let become: () => void = () => undefined;

  function lead() {
    isLeader = true;
    become();
  }

  const locks: LockManager | null | undefined = navigator.locks;
  if (locks)
    locks
      .request(name, { signal: closed.signal }, () => {
        lead();
        return new Promise<void>((release) => {
          closed.signal.addEventListener("abort", () => release());
        });
      })
      .catch(() => undefined); // closed before it was its turn
  else queueMicrotask(lead);

  return {
    get isLeader() {
      return isLeader;
    },
    onLeader(listener) {
      become = listener;
      if (isLeader) listener();
    },
    say: (message) => channel?.postMessage(message),
    onMessage(listen) {
      if (channel !== null)
        channel.onmessage = (event: MessageEvent<Message>) => listen(event.data);
    },
    close() {
      closed.abort();
      channel?.close();
    },
  };
}
