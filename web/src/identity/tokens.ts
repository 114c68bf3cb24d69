import { organizationOf, personOf } from "./claims";
import type { Person, SignedOut } from "./types";

/** What one sign-in has brought; kept where every tab of the browser finds it. */
export interface Tokens {
  accessToken: string;
  /** Milliseconds since 1970, as all times here. */
  expiresAt: number;
  /** From then on the token is renewed before it is used. */
  renewAt: number;
  refreshToken: string | null;
  idToken: string | null;
  person: Person;
}

export interface TokenAnswer {
  access_token: string;
  expires_in?: number | undefined;
  refresh_token?: string | undefined;
  id_token?: string | undefined;
}

const NAME = "identity";
/** How the last sign-in ended. */
const ENDED = "identity ended";
/** Used if the issuer does not say how long a token is valid. */
const ASSUMED_SECONDS = 300;
/** Before the end of a token, for requests on their way; at most half of its time. */
const MARGIN_SECONDS = 30;

export function readTokens(): Tokens | null {
  try {
    return JSON.parse(stored(NAME) ?? "null") as Tokens | null;
  } catch {
    return null;
  }
}

/** Null also in a browser that keeps nothing for this site. */
function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function writeTokens(tokens: Tokens): void {
  localStorage.removeItem(ENDED);
  localStorage.setItem(NAME, JSON.stringify(tokens));
}

export function removeTokens(ended: SignedOut): void {
  // First, because the other tabs look at it once the tokens are gone.
  localStorage.setItem(ENDED, ended);
  localStorage.removeItem(NAME);
}

/** Null if no one has ever signed in, or if a person is signed in. */
export function readEnd(): SignedOut | null {
  const ended = stored(ENDED);
  return ended === "expired" || ended === "left" ? ended : null;
}

/** Calls back when another tab has written tokens, or removed them. */
export function onTokens(changed: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === NAME || event.key === null) changed();
  };
  addEventListener("storage", listener);
  return () => removeEventListener("storage", listener);
}

/** A renewal brings no new ID token at some issuers, and no new refresh token at others. */
export function tokensOf(answer: TokenAnswer, before: Tokens | null, now = Date.now()): Tokens {
  const idToken = answer.id_token ?? before?.idToken ?? null;
  const person = personOf(idToken, answer.access_token);
  const seconds = answer.expires_in ?? ASSUMED_SECONDS;
  return {
    accessToken: answer.access_token,
    expiresAt: now + 1_000 * seconds,
    renewAt: now + 1_000 * Math.max(seconds - MARGIN_SECONDS, seconds / 2),
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    idToken,
    person: { ...person, organization: organizationOf(answer.access_token, idToken) },
  };
}
