import { useEffect, useRef, useState } from "react";

import { Link } from "../app/Link";
import { navigate, paths } from "../app/router";
import { useIdentity } from "../identity/IdentityContext";
import { Bar } from "../parts/Bar";
import { useTexts } from "../texts";

/** Where the issuer sends people back to: takes its answer, and goes to where they came from. */
export default function SignedIn() {
  const { signIn } = useTexts();
  const identity = useIdentity();
  const isBegun = useRef(false);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    identity.completeSignIn(new URL(location.href)).then(
      (returnTo) => navigate(returnTo, { replace: true }),
      () => setFailed(true),
    );
  }, [identity]);
  if (!hasFailed) return null;
  return (
    <>
      <Bar />
      <main className="page empty" id="main">
        <h1 className="display text-d36">{signIn.failed}</h1>
        <p className="secondary">{signIn.failedSentence}</p>
        <Link className="button" href={paths.myEvents}>
          {signIn.action}
        </Link>
      </main>
    </>
  );
}
