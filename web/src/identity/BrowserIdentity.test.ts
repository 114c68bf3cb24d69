import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { BrowserIdentity } from "./BrowserIdentity";
import { readTokens, type TokenAnswer, tokensOf, writeTokens } from "./tokens";

const MINUTE = 60_000;
const ADA = jwt({ sub: "ada", name: "Ada Lindqvist", org_id: "acme", org_name: "Acme" });

function jwt(claims: object): string {
  return `e30.${btoa(JSON.stringify(claims))}.c2ln`;
}

function answer(changes: Partial<TokenAnswer> = {}): TokenAnswer {
  return { access_token: ADA, expires_in: 900, refresh_token: "refresh-1", ...changes };
}

/** An issuer whose answers a test decides. */
function issuer() {
  return {
    renew: vi.fn<(refreshToken: string) => Promise<TokenAnswer | null>>(),
    redeem: vi.fn(),
    signInAddress: vi.fn(),
    signOutAddress: vi.fn<() => Promise<URL | null>>(async () => null),
  };
}

function tab(provider = issuer()) {
  const identity = new BrowserIdentity(async () => provider);
  return { identity, provider };
}

/** What a browser tells its other tabs. happy-dom has one tab alone. */
function tellOtherTabs() {
  dispatchEvent(new StorageEvent("storage", { key: "identity" }));
}

/** Signs in `ago` milliseconds before now. */
function signedIn(ago = 0, changes: Partial<TokenAnswer> = {}) {
  writeTokens(tokensOf(answer(changes), null, Date.now() - ago));
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test("a browser in which nobody has signed in shows the way in", async () => {
  const { identity } = tab();
  expect(identity.state).toEqual({ kind: "signedOut", reason: "never" });
  expect(await identity.accessToken()).toBeNull();
});

test("a fresh token is used as it is", async () => {
  signedIn();
  const { identity, provider } = tab();
  expect(await identity.accessToken()).toBe(ADA);
  expect(provider.renew).not.toHaveBeenCalled();
});

test("a token is renewed before it ends", async () => {
  signedIn(14.8 * MINUTE);
  const { identity, provider } = tab();
  provider.renew.mockResolvedValue(answer({ access_token: "next", refresh_token: "refresh-2" }));
  expect(await identity.accessToken()).toBe("next");
  expect(provider.renew).toHaveBeenCalledExactlyOnceWith("refresh-1");
  expect(readTokens()?.refreshToken).toBe("refresh-2");
});

test("a short-lived token is not renewed for each request", async () => {
  signedIn(0, { expires_in: 20 });
  const { identity, provider } = tab();
  expect(await identity.accessToken()).toBe(ADA);
  expect(provider.renew).not.toHaveBeenCalled();
});

test("an issuer that does not rotate keeps its refresh token", async () => {
  signedIn(15 * MINUTE);
  const { identity, provider } = tab();
  const { refresh_token: _, ...withoutRefresh } = answer({ access_token: "next" });
  provider.renew.mockResolvedValue(withoutRefresh);
  await identity.accessToken();
  expect(readTokens()?.refreshToken).toBe("refresh-1");
});

test("two tabs renew once, one after the other", async () => {
  vi.stubGlobal("navigator", { locks: oneAtATime() });
  signedIn(15 * MINUTE);
  const provider = issuer();
  provider.renew.mockResolvedValue(answer({ access_token: "next" }));
  const [first, second] = [tab(provider).identity, tab(provider).identity];
  const tokens = [first, second, first].map((identity) => identity.accessToken());
  expect(await Promise.all(tokens)).toEqual(["next", "next", "next"]);
  expect(provider.renew).toHaveBeenCalledTimes(1);
});

test("a refused refresh token ends the sign-in with its token", async () => {
  signedIn(14.8 * MINUTE);
  const { identity, provider } = tab();
  provider.renew.mockResolvedValue(null);
  expect(await identity.accessToken()).toBe(ADA);
  expect(await identity.accessToken()).toBe(ADA);
  expect(provider.renew).toHaveBeenCalledTimes(1);

  vi.useFakeTimers({ now: Date.now() + MINUTE });
  expect(await identity.accessToken()).toBeNull();
  vi.useRealTimers();
  expect(identity.state).toEqual({ kind: "signedOut", reason: "expired" });
});

test("while the issuer is away a valid token is used, and a sign-in does not end", async () => {
  signedIn(14.8 * MINUTE);
  const { identity, provider } = tab();
  provider.renew.mockRejectedValue(new TypeError("Failed to fetch"));
  expect(await identity.accessToken()).toBe(ADA);

  vi.useFakeTimers({ now: Date.now() + MINUTE });
  await expect(identity.accessToken()).rejects.toThrow("Failed to fetch");
  expect(identity.state.kind).toBe("signedIn");
  provider.renew.mockResolvedValue(answer({ access_token: "next" }));
  expect(await identity.accessToken()).toBe("next");
  vi.useRealTimers();
});

test("a renewal that is answered after the sign-out brings nobody back", async () => {
  signedIn(15 * MINUTE);
  const { identity, provider } = tab();
  let resolve: (renewed: TokenAnswer) => void = () => undefined;
  provider.renew.mockReturnValue(new Promise((resolved) => (resolve = resolved)));
  const token = identity.accessToken();
  await identity.signOut();
  resolve(answer({ access_token: "next" }));
  expect(await token).toBeNull();
  expect(readTokens()).toBeNull();
});

test("the sign-in brings the person and the page", async () => {
  const { identity, provider } = tab();
  const changed = vi.fn();
  identity.subscribe(changed);
  provider.redeem.mockResolvedValue({ tokens: answer(), returnTo: "/start" });
  expect(await identity.completeSignIn(new URL("http://localhost/signed-in?code=1"))).toBe(
    "/start",
  );
  expect(identity.state).toMatchObject({ kind: "signedIn", person: { userId: "ada" } });
  expect(changed).toHaveBeenCalled();
});

test("the sign-out of one tab is that of all", async () => {
  signedIn();
  const [first, second] = [tab().identity, tab().identity];
  const changed = vi.fn();
  second.subscribe(changed);
  await first.signOut();
  tellOtherTabs();
  expect(second.state).toEqual({ kind: "signedOut", reason: "left" });
  expect(changed).toHaveBeenCalled();
});

test("the sign-out does not need the issuer", async () => {
  signedIn();
  const { identity, provider } = tab();
  provider.signOutAddress.mockRejectedValue(new TypeError("Failed to fetch"));
  await identity.signOut();
  expect(identity.state).toEqual({ kind: "signedOut", reason: "left" });
});

test("a token that the API refuses ends the sign-in in all tabs, also after a reload", () => {
  signedIn();
  const [first, second] = [tab().identity, tab().identity];
  first.expire(ADA);
  tellOtherTabs();
  expect(second.state).toEqual({ kind: "signedOut", reason: "expired" });
  expect(tab().identity.state).toEqual({ kind: "signedOut", reason: "expired" });
});

test("a late refusal of an earlier token does not end the sign-in", () => {
  signedIn();
  const { identity } = tab();
  identity.expire("an earlier token");
  expect(identity.state.kind).toBe("signedIn");
});

test("the switch of organization shows in all tabs", () => {
  signedIn();
  const { identity } = tab();
  const token = jwt({ sub: "ada", org_id: "studio-halm" });
  writeTokens(tokensOf(answer({ access_token: token }), null));
  tellOtherTabs();
  expect(identity.state).toMatchObject({ person: { organization: { id: "studio-halm" } } });
});

/** Web Locks of one name. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, work: () => Promise<unknown>) => {
      last = last.then(work, work);
      return last;
    },
  };
}
