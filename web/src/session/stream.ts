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
/** Milliseconds until a person who has too many streams open asks for one more. */
const CROWDED_PAUSE = 30_000;

/**
 * Reads the stream of a session until `signal` aborts. It connects again after an end or a failure,
 * from the last revision that it has seen, and at once with a new token when the token has expired.
 */
export async function followSession(
  sessionId: string,
  accessToken: () => Promise<string | null>,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    let pause: number;
    let isExpired = false;
    try {
      const response = await request(sessionId, await accessToken(), lastId, signal);
      if (response.status === 404) return listener.onConnection(false);
      if (!response.ok || response.body === null) throw new Refused(response);
      listener.onConnection(true);
      failures = 0;
      for await (const message of messagesOf(response.body)) {
        lastId = message.id ?? lastId;
        isExpired = message.event === "expired";
        dispatch(message, listener);
      }
      pause = isExpired ? 0 : FIRST_PAUSE;
    } catch (failure) {
      failures += 1;
      const own = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
      pause = failure instanceof Refused ? Math.max(failure.pause, own) : own;
    }
    if (signal.aborted) return;
    if (!isExpired) listener.onConnection(false);
    await sleep(pause, signal);
  }
}

function request(
  sessionId: string,
  token: string | null,
  lastId: string | null,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers({ Accept: "text/event-stream" });
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  if (lastId !== null) headers.set("Last-Event-ID", lastId);
  return fetch(`/v1/sessions/${sessionId}/stream`, { headers, signal });
}

class Refused extends Error {
  /** Milliseconds. */
  readonly pause: number;

  constructor({ status, headers }: Response) {
    super(`HTTP ${status}`);
    const seconds = Number(headers.get("Retry-After"));
    this.pause = seconds > 0 ? seconds * 1_000 : status === 429 ? CROWDED_PAUSE : 0;
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
