import {
  onTokens,
  readEnd,
  readTokens,
  removeTokens,
  type Tokens,
  tokensOf,
  writeTokens,
} from "./tokens";
import type { Identity, IdentityState, SignedOut } from "./types";

type Provider = typeof import("./provider");

/** The sign-in of this browser: all tabs share it. */
export class BrowserIdentity implements Identity {
  #state: IdentityState;
  readonly #listeners = new Set<() => void>();
  readonly #loadProvider: () => Promise<Provider>;

  constructor(loadProvider: () => Promise<Provider> = () => import("./provider")) {
    this.#loadProvider = loadProvider;
    this.#state = storedState();
    onTokens(() => this.#show(storedState()));
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

  readonly currentToken = (): string | null => readTokens()?.accessToken ?? null;

  /** One tab at a time: an issuer that rotates refresh tokens takes each of them once. */
  async #renewed(): Promise<string | null> {
    const tokens = readTokens();
    if (tokens === null || isFresh(tokens)) return tokens?.accessToken ?? null;
    if (tokens.refreshToken === null) return this.#lastOf(tokens);
    const { renew } = await this.#loadProvider();
    let answer: Awaited<ReturnType<Provider["renew"]>>;
    try {
      answer = await renew(tokens.refreshToken);
    } catch (failure) {
      if (isValid(tokens)) return tokens.accessToken;
      throw failure;
    }
    // The person may have signed out meanwhile, or have signed in as another.
    const now = readTokens();
    if (now?.accessToken !== tokens.accessToken) return now?.accessToken ?? null;
    if (answer === null) return this.#lastOf(tokens);
    const renewed = tokensOf(answer, tokens);
    writeTokens(renewed);
    this.#show(storedState());
    return renewed.accessToken;
  }

  /** No other token follows this one: it is used as long as it is valid. */
  #lastOf(tokens: Tokens): string | null {
    if (isValid(tokens)) {
      writeTokens({ ...tokens, refreshToken: null });
      return tokens.accessToken;
    }
    this.#end("expired");
    return null;
  }

  async signIn(...[returnTo, hint = {}]: Parameters<Identity["signIn"]>): Promise<void> {
    const { signInAddress } = await this.#loadProvider();
    location.assign(await signInAddress(returnTo, hint));
  }

  async completeSignIn(answer: URL): Promise<string> {
    const { redeem } = await this.#loadProvider();
    const { tokens, returnTo } = await redeem(answer);
    writeTokens(tokensOf(tokens, null));
    this.#show(storedState());
    return returnTo;
  }

  async signOut(): Promise<void> {
    const idToken = readTokens()?.idToken ?? null;
    this.#end("left");
    const address = await this.#loadProvider()
      .then(({ signOutAddress }) => signOutAddress(idToken))
      .catch(() => null);
    if (address !== null) location.assign(address);
  }

  expire(refused: string): void {
    if (readTokens()?.accessToken === refused) this.#end("expired");
  }

  #end(reason: SignedOut): void {
    removeTokens(reason);
    this.#show(storedState());
  }

  #show(state: IdentityState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function storedState(): IdentityState {
  const tokens = readTokens();
  return tokens === null
    ? { kind: "signedOut", reason: readEnd() ?? "never" }
    : { kind: "signedIn", person: tokens.person };
}

function isFresh({ renewAt }: Tokens): boolean {
  return renewAt > Date.now();
}

function isValid({ expiresAt }: Tokens): boolean {
  return expiresAt > Date.now();
}

function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
  // Pages without a secure origin have no locks.
  const { locks } = navigator as { locks?: LockManager | null };
  return locks ? locks.request("identity", work) : work();
}
