import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { followSession, messagesOf, type StreamListener } from "./stream";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

function bodyOf(...chunks: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
}

/** A body whose stream does not end. */
function openBody(...chunks: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    },
  });
}

interface FakeResponse {
  status: number;
  headers?: Record<string, string>;
  body?: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Follows a session whose requests get these responses, the last one again and again. */
function follow(...responses: FakeResponse[]) {
  const requests: Headers[] = [];
  const heard: unknown[] = [];
  const ended = new AbortController();
  let tokens = 0;
  vi.stubGlobal("fetch", async (_url: string, { headers }: { headers: Headers }) => {
    const {
      status,
      headers: given,
      body = null,
    } = responses[Math.min(requests.length, responses.length - 1)] ?? { status: 503 };
    requests.push(headers);
    const isOk = status === 200;
    return { ok: isOk, status, headers: new Headers(given), body };
  });
  const listener: StreamListener = {
    onView: (view) => heard.push(view.revision),
    onPresence: (people) => heard.push(people.map(({ name }) => name)),
    onConnection: (isOpen) => heard.push(isOpen),
  };
  const token = async () => {
    tokens += 1;
    return `token-${tokens}`;
  };
  void followSession("1", token, listener, ended.signal);
  return { requests, heard, ended };
}

test("messages are read across the borders of chunks", async () => {
  const found = [];
  const chunks = [
    "id: 7\nevent: ses",
    'sion\r\ndata: {"a":\ndata: 1}\n',
    "\n: ping\n\ndata: x\n\n",
  ];
  for await (const message of messagesOf(bodyOf(...chunks))) found.push(message);
  expect(found).toEqual([
    { id: "7", event: "session", data: '{"a":\n1}' },
    { id: null, event: "message", data: "x" },
  ]);
});

test("a stream whose token has expired goes on at once, with a new one", async () => {
  const first = bodyOf(
    'id: 7\nevent: session\ndata: {"revision":7}\n\n',
    "event: expired\ndata: {}\n\n",
  );
  const { requests, heard, ended } = follow(
    { status: 200, body: first },
    { status: 200, body: openBody() },
  );
  await pass(10);
  ended.abort();

  expect(requests).toHaveLength(2);
  expect(requests[1]?.get("Authorization")).toBe("Bearer token-2");
  expect(requests[1]?.get("Last-Event-ID")).toBe("7");
  // The people who are there are not taken away in between.
  expect(heard).toEqual([true, 7, true]);
});

test("a stream that breaks is missed, and connects again after a pause", async () => {
  const body = bodyOf('event: presence\ndata: [{"name":"Ada"}]\n\n');
  const { requests, heard, ended } = follow(
    { status: 200, body },
    { status: 200, body: openBody() },
  );
  await pass(10);
  expect(heard).toEqual([true, ["Ada"], false]);
  expect(requests).toHaveLength(1);
  await pass(1_000);
  ended.abort();
  expect(requests).toHaveLength(2);
});

test("the eleventh stream of a person waits long", async () => {
  const { requests, ended } = follow({ status: 429 });
  await pass(29_000);
  expect(requests).toHaveLength(1);
  await pass(2_000);
  ended.abort();
  expect(requests).toHaveLength(2);
});

test("a pause that the API asks for is kept", async () => {
  const { requests, ended } = follow({ status: 503, headers: { "Retry-After": "60" } });
  await pass(59_000);
  expect(requests).toHaveLength(1);
  await pass(2_000);
  ended.abort();
  expect(requests).toHaveLength(2);
});

test("a session that is not there is not followed", async () => {
  const { requests, heard } = follow({ status: 404 });
  await pass(100_000);
  expect(requests).toHaveLength(1);
  expect(heard).toEqual([false]);
});
