import "fake-indexeddb/auto";

import { createStore, keys, setMany } from "idb-keyval";
import { beforeEach, expect, test } from "vitest";

import { newThread, threadOf } from "../assistant/threads";
import { forgetPerson, forgetSession } from "./forget";
import { ledgerName } from "./ledgers";
import { unsentOf } from "./unsent";

const store = createStore("event-wizard", "outbox");
const ADA_AT_ACME = "ada acme";
const ADA_AT_HALM = "ada studio-halm";

function outbox(...values: string[]) {
  const entries = values.map((value) => ({ stage: "eventSetup", path: "/title", value, at: 1 }));
  return { entries, sent: null };
}

beforeEach(() =>
  setMany(
    [
      [["outbox", ADA_AT_ACME, "unsent"], outbox("Nachtschicht")],
      [["view", ADA_AT_ACME, "unsent"], { revision: 7 }],
      [["outbox", ADA_AT_ACME, "sent"], outbox()],
      [["view", ADA_AT_ACME, "sent"], { revision: 3 }],
      [["outbox", ADA_AT_HALM, "other"], outbox("Frühschicht")],
      [["view", ADA_AT_HALM, "other"], { revision: 1 }],
    ],
    store,
  ),
);

test("unsent text is that of one person for one organization", async () => {
  const found = await unsentOf(ADA_AT_ACME);
  expect(found).toMatchObject([{ sessionId: "unsent", view: { revision: 7 } }]);
  expect(found[0]?.entries).toHaveLength(1);
  expect(await unsentOf(ADA_AT_HALM)).toMatchObject([{ sessionId: "other" }]);
  expect(await unsentOf("noor acme")).toEqual([]);
});

test("a person who signs out leaves unsent text alone, and other people's", async () => {
  await forgetPerson(ADA_AT_ACME);
  expect(await keys(store)).toEqual([
    ["outbox", ADA_AT_ACME, "unsent"],
    ["outbox", ADA_AT_HALM, "other"],
    ["view", ADA_AT_ACME, "unsent"],
    ["view", ADA_AT_HALM, "other"],
  ]);
});

test("what the assistant wrote is deleted with a session, and at sign-out", async () => {
  const mine = ["first", "second"].map((session) => ledgerName(ADA_AT_ACME, session));
  const other = ledgerName(ADA_AT_HALM, "first");
  for (const name of [...mine, other]) localStorage.setItem(name, "{}");

  await forgetSession(ADA_AT_ACME, "first");
  expect(mine.map((name) => localStorage.getItem(name))).toEqual([null, "{}"]);
  await forgetPerson(ADA_AT_ACME);
  expect(mine.map((name) => localStorage.getItem(name))).toEqual([null, null]);
  expect(localStorage.getItem(other)).toBe("{}");
});

test("a deleted session leaves nothing behind", async () => {
  await forgetSession(ADA_AT_ACME, "unsent");
  expect(await unsentOf(ADA_AT_ACME)).toEqual([]);
});

test("what was said to the assistant is forgotten with a session, and with a person", async () => {
  const other = newThread("someone else", "session-1");
  const thread = newThread(ADA_AT_ACME, "session-1");
  sessionStorage.setItem("assistant-draft session-1", "The title");
  await forgetSession(ADA_AT_ACME, "session-2");
  expect(threadOf(ADA_AT_ACME, "session-1")).toBe(thread);

  await forgetPerson(ADA_AT_ACME);
  expect(threadOf(ADA_AT_ACME, "session-1")).not.toBe(thread);
  expect(threadOf("someone else", "session-1")).toBe(other);
  expect(sessionStorage.getItem("assistant-draft session-1")).toBeNull();

  await forgetSession("someone else", "session-1");
  expect(threadOf("someone else", "session-1")).not.toBe(other);
});
