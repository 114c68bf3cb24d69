import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { SessionView } from "../api/generated";
import { client } from "../api/generated/client.gen";
import { IdentityContext } from "../identity/IdentityContext";
import type { Identity, IdentityState } from "../identity/types";
import type { JsonObject } from "./json";
import { useWizardState } from "./useWizardState";

const person = { userId: "ada", name: "Ada", email: null, organization: null, organizations: [] };
const state: IdentityState = { kind: "signedIn", person };
const identity = {
  state,
  subscribe: () => () => undefined,
  accessToken: async () => "token",
} as unknown as Identity;

function wrapper({ children }: { children: ReactNode }) {
  return <IdentityContext value={identity}>{children}</IdentityContext>;
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

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(sessionId: string) {
  const { result } = renderHook(() => useWizardState(sessionId), { wrapper });
  await waitFor(() => expect(result.current.session).not.toBeNull());
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
