import { createContext, use, useSyncExternalStore } from "react";

import type { Identity, IdentityState, Person } from "./types";

export const IdentityContext = createContext<Identity | null>(null);

export function useIdentity(): Identity {
  const identity = use(IdentityContext);
  if (identity === null) throw new Error("useIdentity() outside of an IdentityContext");
  return identity;
}

/** Who is signed in; renders again when that changes. */
export function useIdentityState(): IdentityState {
  const identity = useIdentity();
  return useSyncExternalStore(
    (changed) => identity.subscribe(changed),
    () => identity.state,
  );
}

/** The signed-in person. Pages below the sign-in only. */
export function usePerson(): Person {
  const state = useIdentityState();
  if (state.kind !== "signedIn") throw new Error("usePerson() before the sign-in");
  return state.person;
}

/** Keeps what one person has on this device apart from another's, and from another tenant's. */
export function personKey({ userId, organization }: Person): string {
  return `${userId} ${organization?.id ?? ""}`;
}
