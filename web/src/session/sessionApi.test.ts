import { expect, test, vi } from "vitest";

import { getSession } from "../api/generated";
import { readAhead, sessionApi } from "./sessionApi";

vi.mock("../api/generated", () => ({ getSession: vi.fn() }));

function answers(...revisions: number[]): void {
  for (const revision of revisions)
    vi.mocked(getSession).mockResolvedValueOnce({
      data: { revision },
      response: new Response("{}"),
    } as never);
}

test("a session that is read ahead is not asked for again by its page", async () => {
  answers(1, 2);
  readAhead("a");
  expect(getSession).toHaveBeenCalledTimes(1);

  expect(await sessionApi("a").read()).toEqual({ revision: 1 });
  expect(getSession).toHaveBeenCalledTimes(1);
  expect(await sessionApi("a").read()).toEqual({ revision: 2 });
});

test("another session, and the workflow itself, are asked", async () => {
  answers(1, 2, 3);
  readAhead("a");

  expect(await sessionApi("b").read()).toEqual({ revision: 2 });
  expect(await sessionApi("a").read(true)).toEqual({ revision: 3 });
});

test("a failure ahead is the page's to show", async () => {
  vi.mocked(getSession).mockResolvedValueOnce({
    error: { code: "session_not_found" },
    response: new Response("{}", { status: 404 }),
  } as never);
  readAhead("a");

  await expect(sessionApi("a").read()).rejects.toMatchObject({ code: "session_not_found" });
});
