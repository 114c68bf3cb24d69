import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { SessionView } from "../api/generated";
import { client } from "../api/generated/client.gen";
import { IdentityContext } from "../identity/IdentityContext";
import type { Identity, IdentityState } from "../identity/types";
import type { JsonObject } from "./json";
import { whenLeft } from "./leaving";
import { sendLeftText } from "./leftText";
import { unsentOf } from "./unsent";
import { useWizardState } from "./useWizardState";

const person = { userId: "ada", name: "Ada", email: null, organization: null, organizations: [] };
const signedIn: IdentityState = { kind: "signedIn", person };
let identityChanged: () => void = () => undefined;
const identity = {
  state: signedIn,
  subscribe: (changed: () => void) => {
    identityChanged = changed;
    return () => undefined;
  },
  accessToken: async () => "token",
  currentToken: () => "token",
};

function wrapper({ children }: { children: ReactNode }) {
  return <IdentityContext value={identity as unknown as Identity}>{children}</IdentityContext>;
}

const UPDATED_AT = "2026-11-28T12:03:00Z";
let revision = 0;
let data: JsonObject = {};
let errors: object[] = [];
let requests: Request[] = [];

function view(): SessionView {
  const stages = { eventSetup: { data, errors }, ticketSetup: { data: {}, errors: [] } };
  const publication = { state: "none", steps: [] };
  const rest = {
    is_active: true,
    completion_percentage: 40,
    current_stage: "eventSetup",
    updated_at: UPDATED_AT,
  };
  return { ...rest, publication, revision, stages } as unknown as SessionView;
}

beforeEach(() => {
  revision = 1;
  data = { title: "Old" };
  errors = [];
  requests = [];
  identity.state = signedIn;
  client.setConfig({
    baseUrl: "http://localhost",
    fetch: async (input) => {
      const request = input as Request;
      requests.push(request);
      if (request.method === "PATCH") {
        data = { ...data, ...((await request.json()) as JsonObject) };
        revision += 1;
      }
      return Response.json(view());
    },
  });
  // The stream stays away.
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});

afterEach(async () => {
  cleanup();
  // What a test has not sent is sent now, and not to the session of the next one.
  await new Promise((resolve) => setTimeout(resolve));
  await whenLeft();
  vi.unstubAllGlobals();
});

async function openPage(sessionId: string) {
  const page = renderHook(() => useWizardState(sessionId), { wrapper });
  await waitFor(() => expect(page.result.current.session).not.toBeNull());
  return page;
}

async function open(sessionId: string) {
  const { result } = await openPage(sessionId);
  return result;
}

const saves = () => requests.filter(({ method }) => method === "PATCH");

test("a session is loaded, with its progress", async () => {
  const result = await open("1");
  expect(result.current).toMatchObject({ loading: false, progress: 40, error: null });
  expect(result.current.data("eventSetup")).toEqual({ title: "Old" });
  expect(result.current.saveState).toEqual({ kind: "saved", at: new Date(UPDATED_AT) });
});

test("what is typed is shown at once, and saved by flush with its revision", async () => {
  const result = await open("2");
  act(() => result.current.change("eventSetup", { title: "New" }));
  expect(result.current.data("eventSetup").title).toBe("New");
  expect(result.current.saveState.kind).toBe("saving");
  expect(result.current.unsent).toBe(1);

  await waitFor(async () => {
    await act(() => result.current.flush());
    expect(saves()).toHaveLength(1);
  });
  expect(saves()[0]?.headers.get("If-Match")).toBe('"1"');
  expect(saves()[0]?.headers.get("Idempotency-Key")).toBeTruthy();
  expect(result.current.saveState.kind).toBe("saved");
  expect(result.current.wasSaved("eventSetup", "/title")).toBe(true);
});

test("text that is typed without a network is kept on this device at once", async () => {
  const result = await open("12");
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  act(() => result.current.change("eventSetup", { title: "New" }));
  expect(result.current.saveState.kind).toBe("kept");
  vi.restoreAllMocks();
});

test("a session that any request finds lost takes no changes", async () => {
  const result = await open("13");
  const problem = { code: "session_lost" };
  client.setConfig({ fetch: async () => Response.json(problem, { status: 409 }) });
  await act(() => result.current.completeStage("eventSetup").catch(() => undefined));
  expect(result.current).toMatchObject({ isLost: true, saveState: { kind: "closed" } });
});

test("the error of a field with unsent text is not shown", async () => {
  errors = [{ pointer: "/title", code: "too_short", message: "", params: {} }];
  const result = await open("3");
  expect(result.current.errors("eventSetup")).toHaveLength(1);
  act(() => result.current.change("eventSetup", { title: "Longer" }));
  expect(result.current.errors("eventSetup")).toEqual([]);
});

test("the names of the earlier hook save a section", async () => {
  const result = await open("4");
  await waitFor(async () => {
    await act(() => result.current.updateStageData("event", { title: "By name" }));
    expect(saves()).toHaveLength(1);
  });
  expect(result.current.session?.stages.eventSetup.data.title).toBe("By name");
});

test("a field of another person that is changed here, too, is a conflict to resolve", async () => {
  const result = await open("5");
  act(() => result.current.change("eventSetup", { title: "Mine" }));
  data = { title: "Theirs" };
  revision = 2;
  await act(async () => {
    await result.current.refresh();
  });
  expect(result.current.saveState).toEqual({ kind: "choose", conflicts: 1 });
  const [conflict] = result.current.conflicts;
  expect(conflict).toMatchObject({
    pointer: "/title",
    base: "Old",
    mine: "Mine",
    theirs: "Theirs",
  });
  if (conflict === undefined) return;
  act(() => result.current.resolve(conflict, "theirs"));
  expect(result.current.conflicts).toEqual([]);
  expect(result.current.data("eventSetup").title).toBe("Theirs");
});

test("text typed a moment before its page is left for another one is saved", async () => {
  const { result, unmount } = await openPage("6");
  act(() => result.current.change("eventSetup", { title: "New" }));
  unmount();
  await waitFor(() => expect(saves()).toHaveLength(1));
  expect(data["title"]).toBe("New");
});

test("text of a page that was left is sent until the API takes it", async () => {
  const { result, unmount } = await openPage("7");
  const { fetch } = client.getConfig();
  client.setConfig({ fetch: () => Promise.reject(new Error("away")) });
  act(() => result.current.change("eventSetup", { title: "New" }));
  unmount();
  await new Promise((resolve) => setTimeout(resolve));
  client.setConfig({ ...(fetch && { fetch }) });
  await waitFor(() => expect(data["title"]).toBe("New"), { timeout: 4_000 });
});

test("a page that is left and shown again at once has its text", async () => {
  const { result, unmount } = await openPage("8");
  act(() => result.current.change("eventSetup", { title: "New" }));
  unmount();
  const again = await openPage("8");
  expect(again.result.current.data("eventSetup").title).toBe("New");
  act(() => again.result.current.change("eventSetup", { title: "Newer" }));
  again.unmount();
  await waitFor(() => expect(data["title"]).toBe("Newer"));
});

test("text that comes after its page was left is saved, such as an uploaded picture", async () => {
  const { result, unmount } = await openPage("9");
  const { change } = result.current;
  unmount();
  await new Promise((resolve) => setTimeout(resolve, 50));
  change("eventSetup", { title: "Late" });
  await waitFor(() => expect(data["title"]).toBe("Late"), { timeout: 4_000 });
});

test("text of a person who is signed out is not sent in the name of another one", async () => {
  const { result, unmount } = await openPage("10");
  act(() => result.current.change("eventSetup", { title: "New" }));
  identity.state = { kind: "signedIn", person: { ...person, userId: "noor" } };
  identityChanged();
  unmount();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(saves()).toEqual([]);
  expect(await unsentOf("ada ")).toMatchObject([{ sessionId: "10", entries: [{ value: "New" }] }]);

  identity.state = signedIn;
  await sendLeftText("ada ", identity as unknown as Identity);
  await waitFor(() => expect(data["title"]).toBe("New"));
  expect(await unsentOf("ada ")).toEqual([]);
});

test("a page that ends before it is its tab's turn to send takes its text along", async () => {
  const locks = { request: () => new Promise(() => {}), query: async () => ({ held: [] }) };
  vi.stubGlobal("navigator", { ...navigator, locks });
  const result = await open("11");
  act(() => result.current.change("eventSetup", { title: "New" }));
  const request = vi.fn((_path: string, _init: RequestInit) => new Promise(() => {}));
  vi.stubGlobal("fetch", request);
  dispatchEvent(new Event("pagehide"));
  // At once: the page may end with this task.
  expect(request).toHaveBeenCalledOnce();
  expect(request.mock.calls[0]).toMatchObject([
    "/v1/sessions/11/stages/eventSetup",
    {
      method: "PATCH",
      keepalive: true,
      headers: { Authorization: "Bearer token", "If-Match": '"1"' },
      body: '{"title":"New"}',
    },
  ]);
});
