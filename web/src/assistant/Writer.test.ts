import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/client";
import type { JsonObject } from "../session/json";
import type { Stage } from "../stages/stages";
import { A, B, openPage, pass } from "./model/openPage";
import { Writer } from "./Writer";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

async function opened() {
  const page = await openPage();

  /** Writes as a call of a tool, in the page as it is now. */
  function write(
    stage: Stage,
    change: (base: JsonObject) => JsonObject,
    { id = "call", revision = 1 as number | null, signal = new AbortController().signal } = {},
  ) {
    return new Writer(page.host()).write({ id, revision, signal }, stage, change);
  }

  return { ...page, write };
}

test("a write carries the revision that was read, and the id of its call as the key", async () => {
  const { write, sent, data } = await opened();
  const writing = write("eventSetup", () => ({ title: "New", summary: null }));
  await pass(1_000);

  expect(await writing).toEqual({
    revision: 2,
    saved: [
      { stage: "eventSetup", pointer: "/title", before: "A", after: "New" },
      { stage: "eventSetup", pointer: "/summary", before: "B", after: null },
    ],
    kept: [],
  });
  expect(sent).toMatchObject([{ key: "call", revision: 1 }]);
  expect(data()).toEqual({ title: "New" });
});

test("after a conflict, what no one has touched is sent again with the same key", async () => {
  const { write, sent, saveAsOther, data } = await opened();
  saveAsOther("eventSetup", { title: "Theirs" });
  const writing = write("eventSetup", () => ({ title: "New", summary: "New too" }));
  await pass(1_000);

  expect(await writing).toEqual({
    revision: 3,
    saved: [{ stage: "eventSetup", pointer: "/summary", before: "B", after: "New too" }],
    kept: [{ stage: "eventSetup", pointer: "/title", wanted: "New", current: "Theirs" }],
  });
  expect(sent).toMatchObject([
    { key: "call", revision: 1, body: { title: "New", summary: "New too" } },
    { key: "call", revision: 2, body: { summary: "New too" } },
  ]);
  expect(data()).toEqual({ title: "Theirs", summary: "New too" });
});

test("if all of it was touched, nothing more is sent", async () => {
  const { write, sent, saveAsOther, data } = await opened();
  saveAsOther("eventSetup", { title: "Theirs" });
  const writing = write("eventSetup", () => ({ title: "New" }));
  await pass(1_000);

  expect(await writing).toMatchObject({ revision: 2, saved: [], kept: [{ pointer: "/title" }] });
  expect(sent).toHaveLength(1);
  expect(data()["title"]).toBe("Theirs");
});

test("it waits while the person types in a field, and then that text stands", async () => {
  const { write, sent, waits, store, data } = await opened();
  store().change("eventSetup", { title: "Mi" });
  const writing = write("eventSetup", () => ({ title: "New", summary: "New too" }));
  await pass(900);
  store().change("eventSetup", { title: "Mine" });
  await pass(900);
  expect(sent).toEqual([]);
  expect(waits).toHaveBeenLastCalledWith("call", { stage: "eventSetup", pointer: "/title" });

  await pass(3_000);
  expect(waits).toHaveBeenLastCalledWith("call", null);
  expect(await writing).toMatchObject({
    saved: [{ pointer: "/summary" }],
    kept: [{ pointer: "/title", wanted: "New", current: "Mine" }],
  });
  expect(data()).toEqual({ title: "Mine", summary: "New too" });
});

test("it waits ten seconds for a person who does not stop", async () => {
  const { write, sent, store, data } = await opened();
  const writing = write("eventSetup", () => ({ title: "New", summary: "New too" }));
  store().change("eventSetup", { title: "Mine" });
  await pass(500);
  for (let count = 0; count < 40; count += 1) {
    store().change("eventSetup", { title: `Mine ${count}` });
    await pass(500);
  }
  await pass(3_000);

  expect(await writing).toMatchObject({ kept: [{ pointer: "/title" }] });
  expect(sent.map(({ body }) => body)).not.toContainEqual(
    expect.objectContaining({ title: "New" }),
  );
  expect(data()).toEqual({ title: "Mine 39", summary: "New too" });
});

test("what is typed while the write is on its way is saved over it, and not asked about", async () => {
  const { write, store, data, model } = await opened();
  const asked = vi.fn();
  store().subscribe(() => {
    if (store().snapshot().clashes.length > 0) asked();
  });
  const writing = write("eventSetup", () => ({ title: "New", summary: "New too" }));
  await pass(12);
  expect(data()["title"]).toBe("New");
  store().change("eventSetup", { title: "Mine" });
  // The stream may be faster than the answer.
  store().receive(model.view());
  await pass(4_000);

  expect(await writing).toMatchObject({
    saved: [{ pointer: "/summary" }],
    kept: [{ pointer: "/title", wanted: "New", current: "Mine" }],
  });
  expect(asked).not.toHaveBeenCalled();
  expect(data()).toEqual({ title: "Mine", summary: "New too" });
});

test("a ticket that it removes stays, if the person types in it meanwhile", async () => {
  const { write, store, data } = await opened();
  const writing = write("ticketSetup", () => ({ tiers: [A] }));
  await pass(12);
  expect(data("ticketSetup")["tiers"]).toEqual([A]);
  store().change("ticketSetup", { tiers: [A, { ...B, name: "Mine" }] });
  await pass(4_000);

  await writing;
  expect(store().snapshot().clashes).toEqual([]);
  expect(data("ticketSetup")["tiers"]).toEqual([A, { ...B, name: "Mine" }]);
});

test("a lost answer is repeated with the same key, and takes effect once", async () => {
  const { write, sent, browser, data } = await opened();
  browser.losses.push("answer");
  const writing = write("ticketSetup", ({ tiers }) => ({
    tiers: [...(tiers as JsonObject[]), { name: "New" }],
  }));
  await pass(60_000);

  const added = { id: "tier-3", name: "New" };
  expect(await writing).toMatchObject({
    saved: [{ pointer: "/tiers/tier-3", before: null, after: added }],
  });
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
  expect(data("ticketSetup")["tiers"]).toEqual([A, B, added]);
});

test("after a reload, a request whose answer was lost is repeated as it was", async () => {
  const { write, sent, browser, saveAsOther, data } = await opened();
  browser.losses.push("answer");
  const controller = new AbortController();
  void write("eventSetup", () => ({ title: "New" }), { signal: controller.signal });
  await pass(15);
  controller.abort();
  browser.crash(0);
  saveAsOther("eventSetup", { title: "Theirs" });
  await pass(3_000);
  const writing = write("eventSetup", () => ({ title: "New" }), { revision: null });
  await pass(30_000);

  expect(await writing).toMatchObject({
    saved: [{ pointer: "/title", before: "A", after: "New" }],
  });
  expect(sent[1]).toEqual(sent[0]);
  expect(data()["title"]).toBe("Theirs");
});

test("if what it has read is not known, nothing is sent", async () => {
  const { write, sent } = await opened();
  const changed = () => ({ title: "New" });

  expect(await write("eventSetup", changed, { revision: null })).toMatchObject({
    status: 412,
    code: "revision_conflict",
  });
  expect(await write("eventSetup", changed, { id: "other", revision: 0 })).toMatchObject({
    code: "revision_conflict",
  });
  expect(sent).toEqual([]);
});

test("a revision that this page has not seen yet is read", async () => {
  const { write, saveAsOther, data } = await opened();
  saveAsOther("eventSetup", { summary: "Theirs" });
  const writing = write("eventSetup", () => ({ summary: "New" }), { revision: 2 });
  await pass(1_000);

  expect(await writing).toMatchObject({ saved: [{ before: "Theirs", after: "New" }], kept: [] });
  expect(data()["summary"]).toBe("New");
});

test("a refusal is the problem without the session", async () => {
  const { write, model, store } = await opened();
  const errors = [{ pointer: "/title", code: "too_long" as const, message: "Too long." }];
  const save = vi.spyOn(model, "save").mockImplementation(() => {
    throw new ApiProblem(422, "invalid_request", { errors, session: model.view() });
  });
  const writing = write("eventSetup", () => ({ title: "New" }));
  await pass(1_000);

  expect(await writing).toEqual({ status: 422, code: "invalid_request", errors });
  expect(store().snapshot().writing).toBeNull();
  save.mockRestore();
});
