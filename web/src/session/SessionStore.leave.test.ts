import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Device, pass, refuse, view } from "./model/Device";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a page that is left sends its text, and the next page repeats the request", async () => {
  const device = new Device();
  const store = await device.tab(true);
  store.change("eventSetup", { title: "New" });
  store.leave();
  store.close();
  expect(device.last).toMatchObject([{ body: { title: "New" } }]);

  device.answer = () => ({ view: view(2, "New"), isReplay: true });
  await device.tab(true);
  await pass(1_000);
  expect(device.saves.map(({ key }) => key)).toEqual([device.last[0]?.key, device.last[0]?.key]);
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
});

test("text that is too long for a page that is left stays on the device", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const title = "x".repeat(70_000);
  store.change("eventSetup", { title });
  store.leave();
  await pass(0);

  expect(device.saves).toEqual([]);
  expect(device.stored.outbox).toMatchObject({ entries: [{ value: title }], sent: null });
});

test("a page that is left before its database has written hands all to the next page", async () => {
  const device = new Device();
  const store = await device.tab(true);
  device.isWriting = false;
  store.change("eventSetup", { title: "New" });
  store.leave();
  store.close();
  expect(device.stored.outbox.entries).toEqual([]);

  device.isWriting = true;
  device.answer = () => ({ view: view(2, "New"), isReplay: true });
  const next = await device.tab(true);
  await pass(1_000);
  expect(device.saves.map(({ key }) => key)).toEqual([device.last[0]?.key, device.last[0]?.key]);
  expect(next.snapshot().outbox).toMatchObject({ entries: [], sent: null });
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
  expect(device.journals.size).toBe(0);
});

test("a tab that is left before it is its turn to lead sends its text", async () => {
  const device = new Device();
  const store = await device.tab(false);
  store.change("eventSetup", { title: "New" });
  store.leave();
  expect(device.last).toMatchObject([{ body: { title: "New" } }]);
});

test("a tab that is left while another one leads has its text sent by that one at once", async () => {
  const device = new Device();
  await device.tab(true);
  const follower = await device.tab(false);
  follower.change("eventSetup", { title: "New" });
  follower.leave();
  follower.close();
  await pass(0);
  expect(device.last).toEqual([]);
  expect(device.saves).toMatchObject([{ body: { title: "New" } }]);
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
});

test("a tab whose leader was left before it sends its text itself", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const follower = await device.tab(false);
  leader.leave();
  leader.close();
  follower.change("eventSetup", { title: "New" });
  follower.leave();
  expect(device.last).toMatchObject([{ body: { title: "New" } }]);
});

test("a tab whose turn to lead has come sends its text as it is left", async () => {
  const device = new Device();
  const crashed = await device.tab(true);
  const store = await device.tab(false);
  device.end(crashed);
  void store.lead(); // It reads first what this device has.
  store.change("eventSetup", { title: "New" });
  store.leave();
  expect(device.last).toMatchObject([{ body: { title: "New" } }]);
});

test("text that follows a save on its way is kept when the page is left", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.answer = refuse(0, "unreachable", {});
  store.change("eventSetup", { title: "New" });
  await pass(1_000);
  device.isWriting = false;
  store.change("eventSetup", { title: "Newer" });
  store.leave();
  store.close();

  device.isWriting = true;
  device.answer = (sent) =>
    sent.body["title"] === "New" ? { view: view(2, "New"), isReplay: false } : answer(sent);
  await device.tab(true);
  await pass(2_000);
  expect(device.saves.at(-1)).toMatchObject({ revision: 2, body: { title: "Newer" } });
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
});

test("a save of a page that was left that comes too late is merged by the next page", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  device.current = view(2, "Old");
  device.answer = refuse(412, "revision_conflict", { session: device.current });
  store.change("eventSetup", { title: "New" });
  store.leave();
  store.close();

  await device.tab(true);
  device.answer = (sent) =>
    sent.revision === 2
      ? answer(sent)
      : refuse(412, "revision_conflict", { session: device.current })();
  await pass(3_000);
  expect(device.saves.at(-1)).toMatchObject({ revision: 2, body: { title: "New" } });
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
});

test("a save of a page that was left has its effect after the next page was told to wait", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  store.change("eventSetup", { title: "New" });
  store.leave();
  store.close();

  device.answer = refuse(409, "publishing", {});
  const next = await device.tab(true);
  await pass(10);
  next.change("eventSetup", { title: "Newer" });
  await pass(5_000);
  device.answer = (sent) => {
    if (sent.key === device.last[0]?.key) return { view: view(2, "New"), isReplay: true };
    if (sent.revision === 2) return answer(sent);
    return refuse(412, "revision_conflict", { session: view(2, "New") })();
  };
  next.receive(view(2, "New"));
  await pass(200_000);

  expect(next.snapshot().clashes).toEqual([]);
  expect(device.saves.at(-1)).toMatchObject({ revision: 2, body: { title: "Newer" } });
  expect(device.stored.outbox).toMatchObject({ entries: [], sent: null });
});

test("a page without a view repeats the save of a new element, and shows the session", async () => {
  const device = new Device();
  const store = await device.tab(true);
  const { answer } = device;
  store.change("ticketSetup", { tiers: [{ name: "Standing" }] });
  store.leave();
  store.close();
  device.stored = { ...device.stored, view: null };
  device.current = view(2, "Theirs");
  device.answer = (sent) =>
    sent.revision === 2
      ? answer(sent)
      : refuse(412, "revision_conflict", { session: device.current })();

  const next = await device.tab(true);
  await pass(3_000);

  expect(device.saves.at(-1)).toMatchObject({ revision: 2, stage: "ticketSetup" });
  expect(next.snapshot().view?.revision).toBe(3);
  expect(next.snapshot().outbox).toMatchObject({ entries: [], sent: null });
});

test("two tabs that are left at once send the same save", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const other = await device.tab(false);
  device.delay(other);
  device.answer = refuse(0, "unreachable", {});
  leader.change("eventSetup", { title: "New" });
  await pass(1_100);
  expect(device.stored.outbox.sent).toMatchObject({ body: { title: "New" } });
  leader.leave();
  device.end(leader);

  void other.lead();
  other.change("eventSetup", { summary: "Mine" });
  other.leave();

  expect(device.last).toMatchObject([{ body: { title: "New" } }, { body: { title: "New" } }]);
  expect(device.last[1]?.key).toBe(device.last[0]?.key);
});
