import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import { EMPTY, type Outbox, type Sent } from "./outbox";
import { withChanges } from "./outboxChanges";
import type { OutboxStorage } from "./outboxStorage";
import { SessionStore, type TabMessage } from "./SessionStore";
import type { Answer, SessionApi } from "./sessionApi";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

function view(revision: number, title: string, state = "none"): SessionView {
  const stages = { eventSetup: { data: { title } }, ticketSetup: { data: {} } };
  return { is_active: true, publication: { state }, revision, stages } as unknown as SessionView;
}

/** One device with an API whose answers a test gives. */
class Device {
  readonly saves: Sent[] = [];
  readonly last: Sent[] = [];
  answer: (sent: Sent) => Answer = ({ revision, body }) => ({
    view: view(revision + 1, String(body["title"])),
    isReplay: false,
  });
  current = view(1, "Old");
  stored: { view: SessionView | null; outbox: Outbox } = { view: null, outbox: EMPTY };
  readonly #listeners = new Map<SessionStore, (message: TabMessage) => void>();

  async tab(leads: boolean): Promise<SessionStore> {
    let hear: (message: TabMessage) => void = () => undefined;
    const store: SessionStore = new SessionStore(this.#api(), this.#storage(), {
      isLeader: leads,
      onLeader: () => undefined,
      onMessage: (listen) => {
        hear = listen;
      },
      say: (message) => {
        for (const [other, listen] of this.#listeners) if (other !== store) listen(message);
      },
      close: () => undefined,
    });
    this.#listeners.set(store, hear);
    await store.open();
    if (leads) await store.lead();
    return store;
  }

  #api(): SessionApi {
    return {
      read: async () => this.current,
      save: async (sent) => {
        this.saves.push(sent);
        return this.answer(sent);
      },
      actions: async () => [],
    };
  }

  #storage(): OutboxStorage {
    return {
      read: async () => this.stored,
      write: async (changes) => {
        this.stored = { ...this.stored, outbox: withChanges(this.stored.outbox, changes) };
      },
      writeView: async (stored) => {
        this.stored = { ...this.stored, view: stored };
      },
      writeLast: (sent) => {
        this.last.push(sent);
      },
    };
  }
}

function refuse(...problem: ConstructorParameters<typeof ApiProblem>): () => never {
  return () => {
    throw new ApiProblem(...problem);
  };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

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

  expect(device.saves).toEqual([]);
  expect(device.stored.outbox).toMatchObject({ entries: [{ value: title }], sent: null });
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
