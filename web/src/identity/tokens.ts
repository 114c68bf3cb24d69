import { organizationOf, personOf } from "./claims";
import type { Person } from "./types";

/** What one sign-in has brought; kept where every tab of the browser finds it. */
export interface Tokens {
  accessToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
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
/** Used if the issuer does not say how long a token is valid. */
const ASSUMED_SECONDS = 300;

export function readTokens(): Tokens | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null") as Tokens | null;
  } catch {
    return null;
  }
}

export function writeTokens(tokens: Tokens | null): void {
  if (tokens === null) localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, JSON.stringify(tokens));
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
  return {
    accessToken: answer.access_token,
    expiresAt: now + 1_000 * (answer.expires_in ?? ASSUMED_SECONDS),
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    idToken,
    person: { ...person, organization: organizationOf(answer.access_token, idToken) },
  };
}
