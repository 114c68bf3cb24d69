import type { IdentityState, SignInHint } from "./types";

const PERSON = "person";
const NAMES = [PERSON, "organization", "invitation"] as const;

interface Address {
  pathname: string;
  search: string;
}

/**
 * The invitation in an address: `?person=ada&organization=acme&invitation=…`.
 *
 * @returns what it says about the sign-in, or null; and the path without it
 */
export function invitationOf({ pathname, search }: Address): {
  hint: SignInHint | null;
  path: string;
} {
  const query = new URLSearchParams(search);
  if (!query.has(PERSON)) return { hint: null, path: pathname + search };
  const [person, organization, invitation] = NAMES.map((name) => query.get(name) || undefined);
  for (const name of NAMES) query.delete(name);
  const rest = query.size > 0 ? `?${query}` : "";
  return { hint: { person, organization, invitation }, path: pathname + rest };
}

/** Whether the signed-in person is the one whom an invitation names. */
export function isMeant(state: IdentityState, { person, organization }: SignInHint): boolean {
  if (state.kind !== "signedIn") return false;
  const { userId, email, organization: own } = state.person;
  if (person !== userId && person !== email) return false;
  return organization === undefined || organization === own?.id;
}
