import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { client } from "../../api/generated/client.gen";
import { useSentenceReading } from "./useSentenceReading";

interface Sent {
  text: string;
  isCancelled: () => boolean;
  respond: (response: Response) => void;
}

const sent: Sent[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  const fetch = async (request: Request) => {
    const { text } = (await request.json()) as { text: string };
    return new Promise<Response>((respond, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
      sent.push({ text, isCancelled: () => request.signal.aborted, respond });
    });
  };
  client.setConfig({ baseUrl: "http://localhost", fetch: fetch as typeof globalThis.fetch });
});
afterEach(() => vi.useRealTimers());

function understood(title: string) {
  const fact = { stage: "eventSetup", pointer: "/title", value: title, start: 0, end: 1 };
  return Response.json({ facts: [{ ...fact, assumed: null }], questions: [], unused: "" });
}

async function wait(milliseconds: number) {
  await act(() => vi.advanceTimersByTimeAsync(milliseconds));
}

async function respond(index: number, response: Response) {
  sent[index]?.respond(response);
  await wait(0);
}

function typing(sentence = "") {
  const page = renderHook((text: string) => useSentenceReading(text), { initialProps: sentence });
  return {
    type: (text: string) => page.rerender(text),
    now: () => page.result.current,
    values: () => page.result.current.reading?.understanding.facts.map(({ value }) => value),
  };
}

test("a sentence is read 600 ms after the last keystroke", async () => {
  const { type } = typing();
  for (const text of ["A", "A h", "A hat"]) {
    type(text);
    await wait(500);
  }
  expect(sent).toEqual([]);
  await wait(100);
  expect(sent.map(({ text }) => text)).toEqual(["A hat"]);
});

test("a request is cancelled once something else is typed, and its answer counts no more", async () => {
  const { type, values } = typing();
  type("A hat");
  await wait(600);
  type("A hat room");
  expect(sent[0]?.isCancelled()).toBe(true);
  await wait(600);
  await respond(0, understood("old"));
  await respond(1, understood("new"));
  expect(values()).toEqual(["new"]);
});

test("to read at once waits for the request that is on its way", async () => {
  const { type, now } = typing();
  type("A hat");
  await act(async () => void now().read());
  await act(async () => void now().read());
  await wait(0);
  await respond(0, understood("A hat"));
  await wait(600);
  expect(sent).toHaveLength(1);
});

test("a sentence that was kept is read at once", async () => {
  typing("A hat");
  await wait(0);
  expect(sent.map(({ text }) => text)).toEqual(["A hat"]);
});

test("the list of the last sentence stays until that of the next one is there", async () => {
  const { type, now, values } = typing("A hat");
  await wait(0);
  await respond(0, understood("A hat"));
  expect(now().isCurrent).toBe(true);
  type("A hat room");
  expect(now().isCurrent).toBe(false);
  expect(values()).toEqual(["A hat"]);
});

test.each([
  ["is away", Response.error()],
  ["is busy", new Response("{}", { status: 429 })],
  ["does not start", new Response("{}", { status: 503 })],
])(
  "a sentence is a title if the API %s, and is read once it is asked again",
  async (_, response) => {
    const { now, values } = typing("A hat at 7");
    await wait(0);
    await respond(0, response);
    expect(now().reading?.hasFailed).toBe(true);
    expect(values()).toEqual(["A hat at 7"]);
    await act(async () => void now().read());
    await respond(1, understood("A hat"));
    expect(now().reading?.hasFailed).toBe(false);
    expect(values()).toEqual(["A hat"]);
  },
);

test("a sentence that is too long for a title is none", async () => {
  const { values } = typing("Hats ".repeat(40));
  await wait(0);
  await respond(0, new Response("{}", { status: 503 }));
  expect(values()).toEqual([]);
});

test("a sentence in which nothing was found is a title", async () => {
  const { now, values } = typing("nachtschicht");
  await wait(0);
  await respond(0, Response.json({ facts: [], questions: [], unused: "nachtschicht" }));
  expect(values()).toEqual(["nachtschicht"]);
  expect(now().reading).toMatchObject({ hasFailed: false, understanding: { unused: "" } });
});
