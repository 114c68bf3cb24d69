import type { SessionView } from "../api/generated";

/** A message of `GET /v1/sessions/{id}/stream`. */
export interface StreamMessage {
  id: string | null;
  event: string;
  data: string;
}

export interface PresenceRow {
  user_id: string;
  name: string | null;
  since: string;
}

export interface StreamListener {
  onView(view: SessionView): void;
  onPresence(people: readonly PresenceRow[]): void;
  /** Whether messages arrive. */
  onConnection(isOpen: boolean): void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;

/**
 * Reads the stream of a session until `signal` aborts. It connects again after an end or a failure,
 * from the last revision that it has seen.
 */
export async function followSession(
  sessionId: string,
  accessToken: () => Promise<string | null>,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastId: string | null = null;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const token = await accessToken();
      const headers = new Headers({ Accept: "text/event-stream" });
      if (token !== null) headers.set("Authorization", `Bearer ${token}`);
      if (lastId !== null) headers.set("Last-Event-ID", lastId);
      const response = await fetch(`/v1/sessions/${sessionId}/stream`, { headers, signal });
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      listener.onConnection(true);
      pause = FIRST_PAUSE;
      for await (const message of messagesOf(response.body)) {
        lastId = message.id ?? lastId;
        dispatch(message, listener);
      }
    } catch {
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    if (signal.aborted) return;
    listener.onConnection(false);
    await sleep(pause, signal);
  }
}

function dispatch({ event, data }: StreamMessage, listener: StreamListener): void {
  if (event === "session") listener.onView(JSON.parse(data) as SessionView);
  if (event === "presence") listener.onPresence(JSON.parse(data) as PresenceRow[]);
}

/** Messages of an event stream, as the HTML standard has it. */
export async function* messagesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<StreamMessage, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let message = { id: null as string | null, event: "message", lines: [] as string[] };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          const { id, event, lines: data } = message;
          if (data.length > 0) yield { id, event, data: data.join("\n") };
          message = { id: null, event: "message", lines: [] };
          continue;
        }
        const [, name, text] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (name === "data") message.lines.push(text ?? "");
        else if (name === "event") message.event = text ?? "message";
        else if (name === "id") message.id = text ?? null;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
