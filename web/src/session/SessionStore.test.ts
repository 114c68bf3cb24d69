import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import { withChanges } from "./acknowledged";
import { EMPTY, type Outbox, type Sent } from "./outbox";
import type { OutboxChanges } from "./outboxChanges";
import { OutboxStorage } from "./outboxStorage";
import { SessionStore } from "./SessionStore";
import type { Answer, SessionApi } from "./sessionApi";
import type { TabMessage } from "./tabMessages";

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
  /** What the page that was left has sent along. */
  readonly last: Sent[] = [];
  /** The changes in the journal. */
  readonly journals = new Map<string, OutboxChanges>();
  /** Whether the database takes what it is given: a page that ends does not wait for it. */
  isWriting = true;
  isJournalFull = false;
  readonly opened: SessionStore[] = [];
  /** Tabs that hear nothing for a while. */
  readonly delays = new Set<SessionStore>();
  answer: (sent: Sent) => Answer | Promise<Answer> = ({ revision, body }) => ({
    view: view(revision + 1, String(body["title"])),
    isReplay: false,
  });
  current = view(1, "Old");
  stored: { view: SessionView | null; outbox: Outbox } = { view: null, outbox: EMPTY };
  #leaders = 0;
  readonly #listeners = new Map<SessionStore, (message: TabMessage) => void>();

  async tab(leads: boolean): Promise<SessionStore> {
    const store: SessionStore = new SessionStore(this.#api(), this.#storage(), {
      open: (listen) => {
        this.#listeners.set(store, listen);
      },
      onLeader: () => undefined,
      hasLeader: async () => this.#leaders > 0,
      say: (message) => {
        if (!this.#listeners.has(store)) return;
        for (const [other, listen] of [...this.#listeners])
          if (other !== store && !this.delays.has(other)) listen(message);
      },
      close: () => {
        this.#listeners.delete(store);
        if (leads) this.#leaders -= 1;
      },
    });
    this.opened.push(store);
    await store.open();
    if (leads) this.#leaders += 1;
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
      saveLast: (sent) => {
        this.saves.push(sent);
        this.last.push(sent);
      },
      actions: async () => [],
    };
  }

  #storage(): OutboxStorage {
    const tab = String(this.journals.size + this.#listeners.size + Math.random());
    const whenWritten = async () => {
      if (!this.isWriting) await new Promise(() => undefined);
    };
    return new OutboxStorage(
      {
        read: async () => this.stored,
        update: async (changes) => {
          await whenWritten();
          this.stored = { ...this.stored, outbox: withChanges(this.stored.outbox, changes) };
        },
        updateView: async (stored) => {
          await whenWritten();
          this.stored = { ...this.stored, view: stored };
        },
      },
      {
        read: () =>
          [...this.journals].map(([key, changes]) => ({
            changes,
            remove: () => this.journals.delete(key),
          })),
        write: (changes) => {
          if (this.isJournalFull) throw new Error("full");
          if (changes === null) this.journals.delete(tab);
          else this.journals.set(tab, changes);
        },
      },
    );
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
  await pass(0);

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
  device.delays.add(other);
  await pass(1_000);
  other.change("eventSetup", { title: "Old" });
  device.answer = answer;
  device.delays.delete(other);
  arrive({ view: view(2, "New"), isReplay: false });
  await pass(3_000);
  expect(device.saves.map(({ body }) => body["title"])).toEqual(["New", "Old"]);
  expect(other.snapshot()).toMatchObject({ view: view(3, "Old"), outbox: { entries: [] } });
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
