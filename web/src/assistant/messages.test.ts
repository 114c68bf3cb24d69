import { expect, test } from "vitest";

import {
  type Message,
  merged,
  needsAnswer,
  openCalls,
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
