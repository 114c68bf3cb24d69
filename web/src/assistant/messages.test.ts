import { expect, test } from "vitest";

import {
  type Message,
  merged,
  needsAnswer,
  openCalls,
  recent,
  withoutCutAnswer,
  withResult,
} from "./messages";

const SAID: Message = { id: "said", role: "user", content: "The title is Hats" };
const CALLS: Message = {
  id: "calls",
  role: "assistant",
  content: "",
  toolCalls: ["first", "second"].map((id) => ({
    id,
    type: "function",
    function: { name: "autosaveEventData", arguments: "{}" },
  })),
};
const DONE: Message = { id: "done", role: "assistant", content: "Saved." };

function result(id: string, toolCallId: string): Message {
  return { id, role: "tool", content: "{}", toolCallId };
}

test("calls without a result are open, until the person says something else", () => {
  const idsIn = (...messages: Message[]) => openCalls(messages).map(({ id }) => id);
  expect(idsIn(SAID, CALLS)).toEqual(["first", "second"]);
  expect(idsIn(SAID, CALLS, result("one", "first"))).toEqual(["second"]);
  expect(idsIn(SAID, CALLS, { ...SAID, id: "other" })).toEqual([]);
});

test("what the person said and results of all calls need an answer", () => {
  expect(needsAnswer([])).toBe(false);
  expect(needsAnswer([SAID])).toBe(true);
  expect(needsAnswer([SAID, CALLS])).toBe(false);
  expect(needsAnswer([SAID, CALLS, result("one", "first")])).toBe(false);
  expect(needsAnswer([SAID, CALLS, result("one", "first"), result("two", "second")])).toBe(true);
  expect(needsAnswer([SAID, DONE])).toBe(false);
});

test("a result follows its call and the results before it", () => {
  const messages = withResult([SAID, CALLS, result("one", "first"), DONE], "second", {
    revision: 2,
  });
  expect(messages.map(({ role }) => role)).toEqual([
    "user",
    "assistant",
    "tool",
    "tool",
    "assistant",
  ]);
  expect(messages[3]).toMatchObject({ toolCallId: "second", content: '{"revision":2}' });
});

test("a thread keeps what the API has not been told, and has nothing twice", () => {
  const own = [
    SAID,
    CALLS,
    result("own", "first"),
    result("two", "second"),
    { ...SAID, id: "later" },
  ];
  const stored = [SAID, CALLS, result("stored", "first")];
  expect(merged(stored, own).map(({ id }) => id)).toEqual([
    "said",
    "calls",
    "stored",
    "two",
    "later",
  ]);
  expect(merged([SAID, CALLS, DONE], [])).toEqual([SAID, CALLS, DONE]);
});

test("the beginning of an answer is dropped, and an answer with calls is not", () => {
  expect(withoutCutAnswer([SAID, DONE], "said")).toEqual([SAID]);
  expect(withoutCutAnswer([SAID, CALLS], "said")).toEqual([SAID, CALLS]);
  const answered = [SAID, CALLS, result("one", "first"), result("two", "second")];
  expect(withoutCutAnswer([...answered, DONE], "second")).toEqual(answered);
  const later = [SAID, DONE, { ...SAID, id: "later" }];
  expect(withoutCutAnswer(later, "said")).toEqual(later);
});

/** A conversation of some sentences, each with the id of its place, and with an answer. */
function conversation(sentences: number, text = "Hats"): Message[] {
  return Array.from({ length: sentences }, (_, place): Message[] => [
    { id: `said ${place}`, role: "user", content: text },
    { id: `done ${place}`, role: "assistant", content: "Saved." },
  ]).flat();
}

test("a long conversation is sent from one of its later sentences on", () => {
  const long = [...conversation(300), SAID, CALLS, result("one", "first")];
  const sent = recent(long);
  expect(sent[0]?.role).toBe("user");
  expect(sent.length).toBeGreaterThan(100);
  expect(sent.length).toBeLessThanOrEqual(200);
  expect(sent).toEqual(long.slice(-sent.length));
  const wordy = conversation(90, "é".repeat(4_000));
  const bytes = new TextEncoder().encode(JSON.stringify(recent(wordy))).length;
  expect(bytes).toBeLessThan(256 * 1024);
  const short = conversation(20);
  expect(recent(short)).toEqual(short);
});

test("what was said last is sent whole, whatever its length", () => {
  const results = Array.from({ length: 250 }, (_, place) => result(`${place}`, `${place}`));
  const long = [...conversation(5), SAID, ...results];
  expect(recent(long)).toEqual([SAID, ...results]);
});

test("what was said before the thread begins stays in front of it", () => {
  const own = conversation(5);
  const later: Message = { ...SAID, id: "later" };
  expect(merged(own.slice(4), [...own, later])).toEqual([...own, later]);
});
