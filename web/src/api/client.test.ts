import { afterEach, expect, test, vi } from "vitest";

import { type ApiProblem, configureClient, unwrap } from "./client";
import { getSession } from "./generated";
import { client } from "./generated/client.gen";

const read = () => unwrap(getSession({ path: { session_id: "1" } }));

function configured(token: () => Promise<string | null>, ...statuses: number[]) {
  const identity = { accessToken: token, expire: vi.fn() };
  const fetch = vi.fn(async (_request: Request) => {
    const status = statuses.shift() ?? 200;
    return Response.json({ code: "unauthenticated" }, { status });
  });
  client.interceptors.response.clear();
  configureClient(identity);
  client.setConfig({ baseUrl: "http://localhost", fetch: fetch as typeof globalThis.fetch });
  return { identity, fetch };
}

afterEach(() => client.interceptors.response.clear());

test("requests carry the token", async () => {
  const { fetch, identity } = configured(async () => "token-1");
  await read();
  expect(fetch.mock.calls[0]?.[0].headers.get("Authorization")).toBe("Bearer token-1");
  expect(identity.expire).not.toHaveBeenCalled();
});

test("the identity learns which token the API refused", async () => {
  const { identity } = configured(async () => "token-1", 401);
  await expect(read()).rejects.toMatchObject({ status: 401 });
  expect(identity.expire).toHaveBeenCalledExactlyOnceWith("token-1");
});

test("a refused request without a token ends no sign-in", async () => {
  const { identity } = configured(async () => null, 401);
  await expect(read()).rejects.toMatchObject({ status: 401 });
  expect(identity.expire).not.toHaveBeenCalled();
});

test("without a token from the issuer the API counts as out of reach", async () => {
  configured(() => Promise.reject(new TypeError("Failed to fetch")));
  const failure = (await read().catch((problem: unknown) => problem)) as ApiProblem;
  expect(failure.isUnreachable).toBe(true);
});
