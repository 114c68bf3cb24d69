import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { JsonObject } from "./json";
import { Device, pass, refuse, view } from "./model/Device";
import { isNewElement } from "./newElements";
import { EMPTY } from "./outbox";
import type { Answer } from "./sessionApi";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a tab that does not lead has its text sent by the one that does", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const follower = await device.tab(false);
  follower.change("eventSetup", { title: "New" });
  await follower.flush();

  expect(device.saves).toMatchObject([{ body: { title: "New" } }]);
  expect(follower.snapshot()).toMatchObject({ outbox: { entries: [], sent: null } });
  expect(follower.snapshot().view?.revision).toBe(leader.snapshot().view?.revision);
});

test("a tab that does not lead does not wait for ever", async () => {
  const device = new Device();
  const follower = await device.tab(false);
  follower.change("eventSetup", { title: "New" });
  const flushed = follower.flush();
  await pass(5_000);
  await flushed;
  expect(device.stored.outbox.entries).toMatchObject([{ value: "New" }]);
});

test("all tabs know whether the stream of the one that leads is open", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const early = await device.tab(false);

  leader.setConnection(true);
  const late = await device.tab(false);
  const tabs = [leader, early, late];
  expect(tabs.map((tab) => tab.snapshot().isLive)).toEqual([true, true, true]);

  leader.setConnection(false);
  expect(tabs.map((tab) => tab.snapshot().isLive)).toEqual([false, false, false]);
});

test("all tabs know that the session is lost, until it changes", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const early = await device.tab(false);
  const { answer } = device;
  device.answer = refuse(409, "session_lost", {});
  early.change("eventSetup", { title: "New" });
  await pass(2_000);
  const late = await device.tab(false);
  const tabs = [leader, early, late];
  expect(tabs.map((tab) => tab.snapshot().isLost)).toEqual([true, true, true]);
  expect(early.snapshot().outbox.entries).toMatchObject([{ value: "New" }]);

  device.answer = answer;
  await pass(40_000);
  expect(tabs.map((tab) => tab.snapshot().isLost)).toEqual([false, false, false]);
  expect(early.snapshot().outbox.entries).toEqual([]);
});

test("a value that is put back in a tab that has not heard of its save is saved, too", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const other = await device.tab(false);
  const { answer } = device;
  let arrive: (answer: Answer) => void = () => undefined;
  device.answer = () =>
    new Promise<Answer>((resolve) => {
      arrive = resolve;
    });
  leader.change("eventSetup", { title: "New" });
  device.delay(other);
  await pass(1_000);
  other.change("eventSetup", { title: "Old" });
  device.answer = answer;
  device.deliver(other);
  arrive({ view: view(2, "New"), isReplay: false });
  await pass(3_000);
  expect(device.saves.map(({ body }) => body["title"])).toEqual(["New", "Old"]);
  expect(other.snapshot()).toMatchObject({ view: view(3, "Old"), outbox: { entries: [] } });
});

test("what another tab typed before a value was put back does not come later", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const other = await device.tab(false);
  other.change("eventSetup", { title: "New" });
  device.delay(other);
  await pass(1);
  leader.change("eventSetup", { title: "Newer" });
  await pass(1);
  other.change("eventSetup", { title: "Old" });
  device.deliver(other);
  await pass(3_000);
  expect(device.saves).toEqual([]);
  for (const tab of [leader, other]) expect(tab.snapshot().outbox.entries).toEqual([]);
});

test("a tab does not wait for a save that has ended since it was read from the device", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  let atSave = device.stored;
  device.answer = () => {
    atSave = device.stored;
    return refuse(412, "revision_conflict", { session: view(2, "Theirs") })();
  };
  leader.change("eventSetup", { title: "New" });
  await pass(1_500);
  const [clash] = leader.snapshot().clashes;
  if (clash !== undefined) leader.resolve(clash, "theirs");
  await pass(1);
  expect(leader.snapshot().outbox).toMatchObject({ entries: [], sent: null });

  device.stored = atSave;
  const other = await device.tab(false);
  await pass(1);

  expect(atSave.outbox.sent).toMatchObject({ body: { title: "New" } });
  expect(other.snapshot().outbox).toMatchObject({ entries: [], sent: null });
  expect(other.snapshot().view).toEqual(view(2, "Theirs"));
});

test("text that follows a save whose answer was lost is no clash in a tab that opens with another one", async () => {
  const device = new Device();
  const left = await device.tab(true);
  device.answer = refuse(0, "unreachable", {});
  left.change("eventSetup", { title: "New" });
  await pass(1_000);
  left.change("eventSetup", { title: "Newer" });
  await pass(1);
  device.end(left);
  const { stored } = device;
  device.current = view(2, "New"); // The save had its effect.

  device.stored = { ...stored, outbox: EMPTY };
  const early = await device.tab(false); // It has read the device a moment before.
  device.stored = stored;
  await device.tab(false);
  expect(early.snapshot().outbox.entries).toMatchObject([{ value: "Newer" }]);
  expect(early.snapshot().clashes).toEqual([]);
});

test("two tabs that change different fields of a new element at once save both", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const other = await device.tab(false);
  leader.change("ticketSetup", { tiers: [{ name: "Standing", price: "10" }] });
  const { outbox } = leader.snapshot();
  const element = outbox.entries.find(isNewElement)?.value as JsonObject;
  device.delay(leader);
  device.delay(other);
  await pass(1);
  other.change("ticketSetup", { tiers: [{ ...element, name: "Seated" }] });
  await pass(1);
  leader.change("ticketSetup", { tiers: [{ ...element, description: "In front" }] });
  device.deliver(other);
  device.deliver(leader);
  await leader.flush();
  expect(device.saves).toMatchObject([
    { body: { tiers: [{ name: "Seated", price: "10", description: "In front" }] } },
  ]);
});

test("a field of a new element that another tab has typed is saved after it, if it was on its way", async () => {
  const device = new Device();
  const leader = await device.tab(true);
  const other = await device.tab(false);
  let arrive: (answer: Answer) => void = () => undefined;
  device.answer = () =>
    new Promise<Answer>((resolve) => {
      arrive = resolve;
    });
  leader.change("ticketSetup", { tiers: [{ name: "Standing" }] });
  const { outbox } = leader.snapshot();
  const element = outbox.entries.find(isNewElement)?.value as JsonObject;
  device.delay(leader);
  device.delay(other);
  await pass(1);
  other.change("ticketSetup", { tiers: [{ ...element, name: "Seated" }] });
  await pass(1);
  leader.change("ticketSetup", { tiers: [{ ...element, description: "In front" }] });
  void leader.flush();
  await pass(1);
  device.deliver(other);
  device.deliver(leader);
  const tier = { id: "tier-1", name: "Standing", description: "In front" };
  const stages = {
    eventSetup: { data: { title: "Old" } },
    ticketSetup: { data: { tiers: [tier] } },
  };
  const answered = { ...view(2, "Old"), stages } as unknown as ReturnType<typeof view>;
  arrive({ view: answered, isReplay: false });
  await pass(3_000);
  expect(device.saves.map(({ body }) => body["tiers"])).toEqual([
    [{ name: "Standing", description: "In front" }],
    [{ ...tier, name: "Seated" }],
  ]);
});
