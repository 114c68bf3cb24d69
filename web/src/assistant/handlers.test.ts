import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { CopilotToolName } from "../api/generated";
import { client } from "../api/generated/client.gen";
import { STAGES } from "../stages/stages";
import { callRunner, type HandlerHost, handlersOf } from "./handlers";
import { A, B, openPage, pass } from "./model/openPage";
import { GENERAL_TOOLS, stageTools } from "./tools";
import type { Saved } from "./types";
import { lastDone } from "./undo";

const SESSION = "00000000-0000-4000-8000-000000000000";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A page that runs calls; requests that are not saves get the given answers, by their path. */
async function opened(answers: Record<string, { status?: number; body: object }> = {}) {
  const page = await openPage();
  const requests: { path: string; headers: Headers; body: string }[] = [];
  client.setConfig({
    baseUrl: "http://localhost",
    fetch: async (input) => {
      const request = input as Request;
      const path = new URL(request.url).pathname.replace(`/v1/sessions/${SESSION}`, "");
      requests.push({ path, headers: request.headers, body: await request.text() });
      const { status = 200, body } = answers[path] ?? { status: 404, body: { code: "not_found" } };
      return Response.json(body, { status });
    },
  });
  const navigate = vi.fn();
  const leave = vi.fn();
  const ask = vi.fn(async (): Promise<object> => ({ confirmed: true }));
  const later: (() => void)[] = [];
  let lastSaved: readonly Saved[] = [];

  function run(name: CopilotToolName, args: unknown = {}, id = "call") {
    const host: HandlerHost = {
      ...page.host(),
      sessionId: SESSION,
      navigate,
      leave,
      ask,
      lastSaved: () => lastSaved,
      afterRun: (action) => void later.push(action),
    };
    const { revision } = page.model;
    return callRunner(host)(name, args, { id, revision, signal: new AbortController().signal });
  }

  /** The result of a call, once there is time for all that it takes. */
  async function result(...call: Parameters<typeof run>) {
    const running = run(...call);
    await pass(5_000);
    return running;
  }

  const saves = (saved: readonly Saved[]) => {
    lastSaved = saved;
  };
  return { ...page, requests, navigate, leave, ask, later, run, result, saves };
}

test("there is a handler for each tool that the page runs", () => {
  const names = [...STAGES.flatMap((stage) => Object.values(stageTools(stage))), ...GENERAL_TOOLS];
  expect(Object.keys(handlersOf({} as HandlerHost)).sort()).toEqual([...names].sort());
  expect(names).toHaveLength(28);
});

test("autosave writes fields of its stage", async () => {
  const { result, data } = await opened();
  expect(await result("autosaveEventData", { title: "New" })).toMatchObject({
    saved: [{ stage: "eventSetup", pointer: "/title", before: "A", after: "New" }],
  });
  expect(data()).toEqual({ title: "New", summary: "B" });
});

test("the terms are not the assistant's to accept", async () => {
  const { result, sent } = await opened();
  expect(await result("autosaveReviewData", { acceptTerms: true })).toMatchObject({
    status: 422,
    errors: [{ pointer: "/acceptTerms" }],
  });
  expect(sent).toEqual([]);
});

test.each(["tier-2", "B", " b "])("a ticket is changed by its id or its name: %s", async (tier) => {
  const { result, data } = await opened();
  await result("changeTier", { tier, unit_amount: 1_200, description: null });
  expect(data("ticketSetup")["tiers"]).toEqual([A, { ...B, unit_amount: 1_200 }]);
});

test("a ticket is added last, and removed", async () => {
  const { result, data } = await opened();
  await result("addTier", { name: "New", unit_amount: 0, id: "tier-1" }, "first");
  await result("removeTier", { tier: "A" }, "second");
  expect(data("ticketSetup")["tiers"]).toEqual([B, { id: "tier-3", name: "New", unit_amount: 0 }]);
});

test("a ticket that there is not is refused", async () => {
  const { result, sent } = await opened();
  for (const tool of ["changeTier", "removeTier"] as const)
    expect(await result(tool, { tier: "C" }, tool)).toMatchObject({
      status: 422,
      errors: [{ pointer: "/tier", code: "unknown_id" }],
    });
  expect(sent).toEqual([]);
});

test("a call that has a result is not run again", async () => {
  const { result, data, store } = await opened();
  const first = await result("autosaveEventData", { title: "New" });
  store().change("eventSetup", { title: "Mine" });
  await pass(3_000);

  expect(await result("autosaveEventData", { title: "New" })).toEqual(first);
  expect(data()["title"]).toBe("Mine");
});

test("a call that the API takes no token for is run again", async () => {
  const path = "/stages/eventSetup/complete";
  const { result, requests } = await opened({
    [path]: { status: 401, body: { code: "unauthenticated" } },
  });
  expect(await result("completeEventSetup")).toEqual({ status: 401, code: "unauthenticated" });
  await result("completeEventSetup");
  expect(requests).toHaveLength(2);
});

test("completing a stage sends what is unsent before, and opens the stage that is next", async () => {
  const path = "/stages/eventSetup/complete";
  const next = { revision: 9, current_stage: "venueSetup", stages: {}, publication: {} };
  const { result, requests, navigate, store, data } = await opened({ [path]: { body: next } });
  store().change("eventSetup", { title: "Mine" });

  expect(await result("completeEventSetup")).toEqual({ revision: 9, stage: "venueSetup" });
  expect(data()["title"]).toBe("Mine");
  expect(requests[0]?.headers.get("Idempotency-Key")).toBe("call");
  expect(navigate).toHaveBeenCalledWith(`/s/${SESSION}/venueSetup`);
});

test("a stage that is not complete is refused with its errors, and stays open", async () => {
  const errors = [{ pointer: "/date", code: "missing", message: "Give the date." }];
  const body = { status: 422, code: "stage_incomplete", errors, session: {} };
  const path = "/stages/eventSetup/complete";
  const { result, navigate } = await opened({ [path]: { status: 422, body } });

  expect(await result("completeEventSetup")).toEqual({
    status: 422,
    code: "stage_incomplete",
    errors,
  });
  expect(navigate).not.toHaveBeenCalled();
});

test("goToStage opens a stage", async () => {
  const { result, navigate } = await opened();
  expect(await result("goToStage", { stage: "ticketSetup" })).toEqual({ stage: "ticketSetup" });
  expect(navigate).toHaveBeenCalledWith(`/s/${SESSION}/ticketSetup`);
  expect(await result("goToStage", { stage: "/start" }, "other")).toMatchObject({ status: 422 });
});

test("a new session opens once the run that follows is over", async () => {
  const body = { session_id: "other", current_stage: "organizerSetup", revision: 0 };
  const { result, navigate, later } = await opened({ "/v1/sessions": { status: 201, body } });

  expect(await result("createSession")).toEqual({ session_id: "other", revision: 0 });
  expect(navigate).not.toHaveBeenCalled();
  later[0]?.();
  expect(navigate).toHaveBeenCalledWith("/s/other/organizerSetup");
});

test("the page leaves for Stripe if the person wants it, after the run that follows", async () => {
  const body = { account_id: "acct", onboarding_url: "https://stripe.test/1", expires_at: "" };
  const { result, ask, later, leave } = await opened({ "/payments/connect": { body } });
  ask.mockResolvedValueOnce({ confirmed: false });

  expect(await result("connectPayments", {}, "first")).toEqual({ confirmed: false });
  expect(later).toEqual([]);
  expect(await result("connectPayments", {}, "second")).toEqual({ confirmed: true });
  expect(ask).toHaveBeenLastCalledWith({ kind: "connectPayments", callId: "second" });
  later[0]?.();
  expect(leave).toHaveBeenCalledWith("https://stripe.test/1");
});

test("a confirmation names the revision and the checks that the person has seen", async () => {
  const body = { context: { revision: 7 }, checks_digest: "digest" };
  const { result, ask } = await opened({ "/copilot": { body } });
  const publishAt = "2030-02-01T10:00:00Z";

  expect(await result("publishEvent", { publish_at: publishAt })).toEqual({
    confirmed: true,
    revision: 7,
    checks_digest: "digest",
  });
  expect(ask).toHaveBeenCalledWith({ kind: "publish", callId: "call", publishAt });
  ask.mockResolvedValueOnce({ confirmed: false });
  expect(await result("publishEvent", {}, "other")).toEqual({ confirmed: false });
});

test("without the terms at the API, nothing is confirmed", async () => {
  const { result, store, browser } = await opened({ "/copilot": { body: {} } });
  browser.isOnline = false;
  store().change("reviewPublish", { acceptTerms: true });
  expect(await result("publishEvent")).toMatchObject({ status: 503, code: "unavailable" });
});

test("it publishes what was confirmed, and nothing newer", async () => {
  const { result, requests } = await opened({ "/publish": { body: { slug: "a" } } });
  const args = { revision: 7, checks_digest: "digest" };

  expect(await result("confirmPublish", args)).toMatchObject({ revision: 1, state: "none" });
  expect(requests[0]?.headers.get("If-Match")).toBe('"7"');
  expect(requests[0]?.headers.get("Idempotency-Key")).toBe("call");
  expect(await result("confirmPublish", {}, "other")).toMatchObject({ status: 422 });
});

test("undoLast takes back what is still there, and says what is not", async () => {
  const { result, saves, store, data } = await opened();
  const written = await result("autosaveEventData", { title: "New", summary: "New" }, "first");
  saves((written as { saved: Saved[] }).saved);
  store().change("eventSetup", { summary: "Mine" });
  await pass(3_000);

  expect(await result("undoLast", {}, "undo")).toMatchObject({
    saved: [],
    kept: [{ stage: "eventSetup", pointer: "/summary", wanted: "B", current: "Mine" }],
  });
  expect(data()).toEqual({ title: "A", summary: "Mine" });
});

test("an undo that a reload interrupts does not undo the call before it", async () => {
  const { result, run, saves, data } = await opened();
  const first = await result("autosaveEventData", { title: "First" }, "first");
  const second = await result("autosaveEventData", { summary: "Second" }, "second");
  saves((second as { saved: Saved[] }).saved);
  void run("undoLast", {}, "undo"); // its result is lost
  saves((first as { saved: Saved[] }).saved);
  await result("undoLast", {}, "undo");

  expect(data()).toEqual({ title: "First", summary: "B" });
});

test("what the person changed since is not undone, and nothing before it either", async () => {
  const { result, store } = await opened();
  const calls: (readonly Saved[])[] = [];
  for (const title of ["First", "Second", "Third"]) {
    const written = await result("autosaveEventData", { title }, title);
    calls.push((written as { saved: readonly Saved[] }).saved);
  }
  expect(lastDone(store(), [...calls, []])).toBe(calls[2]);
  store().change("eventSetup", { title: "Second" });
  expect(lastDone(store(), calls)).toBe(calls[1]);
  store().change("eventSetup", { title: "Mine" });
  expect(lastDone(store(), calls)).toBe(calls[2]);
});

test("what was saved without its values is left to the person", async () => {
  const { result, saves, data } = await opened();
  saves([{ stage: "eventSetup", pointer: "/title" }]);

  expect(await result("undoLast")).toMatchObject({
    kept: [{ stage: "eventSetup", pointer: "/title" }],
  });
  expect(data()["title"]).toBe("A");
});

test("without anything to undo, undoLast is refused", async () => {
  const { result } = await opened();
  expect(await result("undoLast")).toEqual({ status: 404, code: "revision_not_found" });
});

test("suggestions are counted, and the panel shows them", async () => {
  const { result } = await opened({ "/copilot": { body: { suggestions: [{}, {}] } } });
  expect(await result("suggestEventDetails")).toEqual({ suggestions: 2 });
});

test("runChecks returns the checks", async () => {
  const body = { revision: 3, checks: [{ code: "no_date" }] };
  const { result } = await opened({ "/checks": { body } });
  expect(await result("runChecks")).toEqual(body);
});
