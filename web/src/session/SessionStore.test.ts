import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Device, pass, refuse, view } from "./model/Device";
import type { Answer } from "./sessionApi";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("the API is asked while the device looks for what it has", async () => {
  const device = new Device();
  const asked: string[] = [];
  const note = (who: string) => () => {
    asked.push(who);
    return view(who === "API" ? 3 : 2, "New");
  };
  Object.defineProperty(device, "current", { get: note("API") });
  Object.defineProperty(device.stored, "view", { get: note("device"), enumerable: true });

  const store = await device.tab(false);

  expect(asked.slice(0, 2)).toEqual(["API", "device"]);
  expect(store.snapshot().view?.revision).toBe(3);
});

test("what is typed is sent after a second of quiet, in one save", async () => {
  const device = new Device();
  const store = await device.tab(true);
  for (const title of ["N", "Ne", "New"]) {
    store.change("eventSetup", { title });
    await pass(900);
  }
  expect(device.saves).toEqual([]);
  await pass(200);
  expect(device.saves).toMatchObject([{ revision: 1, body: { title: "New" } }]);
  expect(store.snapshot().outbox).toMatchObject({ entries: [], sent: null });
});

test("a person who never pauses is saved every ten seconds", async () => {
  const device = new Device();
  const store = await device.tab(true);
  for (let count = 0; count < 24; count += 1) {
    store.change("eventSetup", { title: `New ${count}` });
    await pass(500);
  }
  expect(device.saves).toHaveLength(1);
});

test("a lost answer is repeated with its key, and further text follows", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(0, "unreachable", {});
  store.change("eventSetup", { title: "New" });
  await pass(1_000);
  expect(store.snapshot().isReachable).toBe(false);

  device.answer = answer;
  await pass(40_000);
  const [first, second] = device.saves;
  expect(second).toMatchObject({ key: first?.key, body: first?.body });
  expect(store.snapshot()).toMatchObject({ isReachable: true, outbox: { entries: [] } });
});

test("the pause that the API asks for is kept, also by flush", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(429, "rate_limited", {}, 90);
  store.change("eventSetup", { title: "New" });
  await pass(1_000);
  device.answer = answer;
  await store.flush();
  await pass(80_000);
  expect(device.saves).toHaveLength(1);
  await pass(20_000);
  expect(device.saves).toHaveLength(2);
});

test("text that meets the end of a sign-in is sent by the next page", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(401, "unauthenticated", {});
  store.change("eventSetup", { title: "New" });
  await pass(1_000);
  store.close();
  expect(device.stored.outbox.entries).toMatchObject([{ value: "New" }]);

  device.answer = answer;
  await device.tab(true);
  await pass(1_000);
  expect(device.saves).toMatchObject([{ body: { title: "New" } }, { body: { title: "New" } }]);
  expect(device.saves[1]?.key).toBe(device.saves[0]?.key);
  expect(device.stored.outbox.entries).toEqual([]);
});

test("text that meets a publication waits until the session takes changes again", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(409, "publishing", {});
  device.current = view(2, "Old", "running");
  store.change("eventSetup", { title: "New" });
  await pass(60_000);
  expect(device.saves).toHaveLength(1);
  expect(store.snapshot().outbox.entries).toMatchObject([{ value: "New" }]);

  device.answer = answer;
  store.receive(view(3, "Old", "failed"));
  await pass(40_000);
  expect(device.saves.at(-1)).toMatchObject({ revision: 3, body: { title: "New" } });
  expect(store.snapshot().outbox.entries).toEqual([]);
});

test("a refused value is kept and not repeated before it is changed", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  const errors = [{ stage: "eventSetup", pointer: "/title" }];
  device.answer = refuse(422, "invalid_request", { errors } as never);
  store.change("eventSetup", { title: "Bad" });
  await pass(60_000);
  expect(device.saves).toHaveLength(1);
  expect(store.snapshot().outbox.entries).toMatchObject([{ refused: "invalid_request" }]);

  device.answer = answer;
  store.change("eventSetup", { title: "Better" });
  await pass(1_000);
  expect(device.saves.at(-1)?.body).toEqual({ title: "Better" });
  expect(store.snapshot().outbox.entries).toEqual([]);
});

test("a view with a new element that is on its way waits for the answer", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const tiers = [{ id: "tier-1", name: "Standing" }];
  const saved = view(2, "Old");
  saved.stages.ticketSetup.data = { tiers } as never;
  device.answer = () => {
    // The stream is faster than the answer.
    store.receive(saved);
    expect(store.snapshot().view?.revision).toBe(1);
    return { view: saved, isReplay: false };
  };
  store.change("ticketSetup", { tiers: [{ name: "Standing" }] });
  await pass(1_000);

  expect(store.snapshot().view?.revision).toBe(2);
  expect(store.snapshot().outbox.entries).toEqual([]);
  expect(store.snapshot().aliases.get("tier-1")).toMatch(/^new-/);
});

test("a database that refuses does not keep text from the API", async () => {
  const device = new Device();
  const store = await device.tab(true);
  device.isWriting = false;
  store.change("eventSetup", { title: "New" });
  await pass(10_000);
  expect(device.saves).toMatchObject([{ body: { title: "New" } }]);
  expect(store.snapshot()).toMatchObject({ isStored: true, outbox: { entries: [], sent: null } });
});

test("text that neither the API nor the device takes is said to be at risk", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.isWriting = false;
  device.isJournalFull = true;
  device.answer = refuse(0, "unreachable", {});
  store.change("eventSetup", { title: "New" });
  await pass(10_000);
  expect(store.snapshot()).toMatchObject({ isStored: false, isReachable: false });
  expect(store.snapshot().outbox.entries).toMatchObject([{ value: "New" }]);

  device.isWriting = true;
  device.answer = answer;
  await pass(60_000);
  expect(store.snapshot()).toMatchObject({ isStored: true, outbox: { entries: [], sent: null } });
});

test("a value that is put back while its save is on its way is saved as it was", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  let arrive: (answer: Answer) => void = () => undefined;
  device.answer = () =>
    new Promise<Answer>((resolve) => {
      arrive = resolve;
    });
  store.change("eventSetup", { title: "New" });
  await pass(1_000);
  store.change("eventSetup", { title: "Old" });
  device.answer = answer;
  arrive({ view: view(2, "New"), isReplay: false });
  await pass(3_000);
  expect(device.saves.map(({ body }) => body["title"])).toEqual(["New", "Old"]);
  expect(store.snapshot().outbox.entries).toEqual([]);
});

test("text is sent again once a session that was not found is found", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(404, "session_not_found", {});
  store.change("eventSetup", { title: "New" });
  await pass(2_000);
  expect(store.snapshot().outbox.entries).toMatchObject([{ value: "New" }]);
  expect(store.snapshot().outbox.entries[0]?.refused).toBeUndefined();

  device.answer = answer;
  await pass(60_000);
  expect(store.snapshot().outbox.entries).toEqual([]);
});

test("what is changed before the session is loaded is saved once it is", async () => {
  const device = new Device();
  const opening = device.tab(true);
  device.opened[0]?.change("eventSetup", { title: "New" });
  const store = await opening;
  await pass(1_000);
  expect(device.saves).toMatchObject([{ body: { title: "New" } }]);
  expect(store.snapshot().outbox.entries).toEqual([]);
});
