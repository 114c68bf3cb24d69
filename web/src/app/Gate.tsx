import { Fragment, type ReactNode, Suspense, useEffect, useRef, useState } from "react";

import { personKey, useIdentity, useIdentityState } from "../identity/IdentityContext";
import { invitationOf, isMeant } from "../identity/invitation";
import { lazyPart, once } from "./loading";
import { navigate, routeOf, usePathname } from "./router";

const loadSignIn = once(() => import("../screens/SignIn"));
const SignIn = lazyPart(loadSignIn);
const SignedIn = lazyPart(() => import("../screens/SignedIn"));

/** Loads the way in. If it does not load, it says so itself. */
export async function prepareSignIn(): Promise<void> {
  await loadSignIn().catch(() => undefined);
}

/** Shows the wizard to people who are signed in, and the way in to the others. */
export function Gate({ children }: { children: ReactNode }) {
  const state = useIdentityState();
  const isReturning = routeOf(usePathname()).name === "signedIn";
  const isFollowing = useInvitation();
  if (isFollowing) return null;
  // Nothing of one person is shown to another, nor to the same one for another organization.
  if (state.kind === "signedIn" && !isReturning)
    return <Fragment key={personKey(state.person)}>{children}</Fragment>;
  return (
    <Suspense>
      {isReturning ? <SignedIn /> : state.kind === "signedOut" && <SignIn reason={state.reason} />}
    </Suspense>
  );
}

/** Follows the invitation in the address, if there is one. Returns whether the page is being left. */
function useInvitation(): boolean {
  const identity = useIdentity();
  const isBegun = useRef(false);
  const [isFollowing, setFollowing] = useState(() => invitationOf(location).hint !== null);
  useEffect(() => {
    const { hint, path } = invitationOf(location);
    const stay = () => setFollowing(false);
    // The browser may bring this page back as it was left.
    const backAgain = ({ persisted }: PageTransitionEvent) => persisted && stay();
    addEventListener("pageshow", backAgain);
    if (hint !== null && !isBegun.current) {
      isBegun.current = true;
      if (isMeant(identity.state, hint)) {
        navigate(path, { replace: true });
        stay();
      } else identity.signIn(path, hint).catch(stay);
    }
    return () => removeEventListener("pageshow", backAgain);
  }, [identity]);
  return isFollowing;
}
