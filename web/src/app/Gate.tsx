import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";

import { useIdentity, useIdentityState } from "../identity/IdentityContext";
import { routeOf, usePathname } from "./router";

const SignIn = lazy(() => import("../screens/SignIn"));
const SignedIn = lazy(() => import("../screens/SignedIn"));

/** Shows the wizard to people who are signed in, and the way in to the others. */
export function Gate({ children }: { children: ReactNode }) {
  const state = useIdentityState();
  const isReturning = routeOf(usePathname()).name === "signedIn";
  useInvitation();
  if (state.kind === "signedIn" && !isReturning) return children;
  return (
    <Suspense>
      {isReturning ? <SignedIn /> : state.kind === "signedOut" && <SignIn reason={state.reason} />}
    </Suspense>
  );
}

/** A link may name the person who is to sign in: `?person=ada`. The issuer decides what it means. */
function useInvitation(): void {
  const identity = useIdentity();
  const isFollowed = useRef(false);
  useEffect(() => {
    const query = new URLSearchParams(location.search);
    const person = query.get("person");
    if (person === null || isFollowed.current) return;
    isFollowed.current = true;
    const hint = { person, organization: query.get("organization") };
    void identity.signIn(location.pathname, hint);
  }, [identity]);
}
