import { onTokens, readTokens, type Tokens, tokensOf, writeTokens } from "./tokens";
import type { Identity, IdentityState } from "./types";

/** Milliseconds before its end from which on a token is renewed. */
const MARGIN = 30_000;

type Provider = typeof import("./provider");

/** The sign-in of this browser: all tabs share it. */
export class BrowserIdentity implements Identity {
  #state: IdentityState;
  readonly #listeners = new Set<() => void>();
  readonly #loadProvider: () => Promise<Provider>;

  constructor(loadProvider: () => Promise<Provider> = () => import("./provider")) {
    this.#loadProvider = loadProvider;
    this.#state = stateOf(readTokens(), "never");
    onTokens(() => this.#show(stateOf(readTokens(), "left")));
  }

  get state(): IdentityState {
    return this.#state;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly accessToken = async (): Promise<string | null> => {
    const tokens = readTokens();
    if (tokens === null) return null;
    if (isFresh(tokens)) return tokens.accessToken;
    return await exclusively(() => this.#renewed());
  };

  /** One tab at a time: an issuer that rotates refresh tokens takes each of them once. */
  async #renewed(): Promise<string | null> {
    const tokens = readTokens();
    if (tokens === null || isFresh(tokens)) return tokens?.accessToken ?? null;
    if (tokens.refreshToken === null) return this.#endExpired(tokens);
    const { renew } = await this.#loadProvider();
    let answer: Awaited<ReturnType<Provider["renew"]>>;
    try {
      answer = await renew(tokens.refreshToken);
    } catch {
      // The issuer cannot be reached: the token is tried as long as it is valid.
      return tokens.expiresAt > Date.now() ? tokens.accessToken : null;
    }
    if (answer === null) return this.#endExpired(tokens);
    const renewed = tokensOf(answer, tokens);
    writeTokens(renewed);
    this.#show(stateOf(renewed, "expired"));
    return renewed.accessToken;
  }

  #endExpired(tokens: Tokens): string | null {
    if (tokens.expiresAt > Date.now()) return tokens.accessToken;
    this.expire();
    return null;
  }

  async signIn(...[returnTo, hint = {}]: Parameters<Identity["signIn"]>): Promise<void> {
    const { signInAddress } = await this.#loadProvider();
    location.assign(await signInAddress(returnTo, hint));
  }

  async completeSignIn(answer: URL): Promise<string> {
    const { redeem } = await this.#loadProvider();
    const { tokens, returnTo } = await redeem(answer);
    const signedIn = tokensOf(tokens, null);
    writeTokens(signedIn);
    this.#show(stateOf(signedIn, "never"));
    return returnTo;
  }

  async signOut(): Promise<void> {
    const idToken = readTokens()?.idToken ?? null;
    writeTokens(null);
    this.#show({ kind: "signedOut", reason: "left" });
    const { signOutAddress } = await this.#loadProvider();
    const address = await signOutAddress(idToken).catch(() => null);
    if (address !== null) location.assign(address);
  }

  expire(): void {
    writeTokens(null);
    this.#show({ kind: "signedOut", reason: "expired" });
  }

  #show(state: IdentityState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function stateOf(tokens: Tokens | null, reason: "never" | "expired" | "left"): IdentityState {
  return tokens === null
    ? { kind: "signedOut", reason }
    : { kind: "signedIn", person: tokens.person };
}

function isFresh({ expiresAt }: Tokens): boolean {
  return expiresAt - MARGIN > Date.now();
}

function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
  return "locks" in navigator ? navigator.locks.request("identity", work) : work();
}
