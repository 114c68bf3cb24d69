import "../look/components/sign-in.css";

import { useEffect, useState } from "react";

import { useIdentity } from "../identity/IdentityContext";
import { invitationOf } from "../identity/invitation";
import type { IdentityState } from "../identity/types";
import cloth from "../look/pictures/cloth.jpg";
import { Mark } from "../parts/Bar";
import { useTexts } from "../texts";

type Reason = Extract<IdentityState, { kind: "signedOut" }>["reason"];

/** The way in. Unsent text stays on this device. */
export default function SignIn({ reason }: { reason: Reason }) {
  const { common, signIn } = useTexts();
  const identity = useIdentity();
  const [isLeaving, setLeaving] = useState(false);
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    // The browser may bring this page back as it was left.
    const backAgain = ({ persisted }: PageTransitionEvent) => persisted && setLeaving(false);
    addEventListener("pageshow", backAgain);
    return () => removeEventListener("pageshow", backAgain);
  }, []);

  async function leave() {
    const { hint, path } = invitationOf(location);
    setLeaving(true);
    setFailed(false);
    try {
      await identity.signIn(path, hint ?? {});
    } catch {
      setFailed(true);
      setLeaving(false);
    }
  }

  return (
    <div className="door">
      <title>{`${signIn.action} · ${common.product}`}</title>
      <main id="main" className="doorway">
        <span className="home">
          <Mark />
        </span>
        <div className="doorway-middle">
          <h1 className="display">{signIn.heading}</h1>
          <p className="secondary">{signIn.lead[reason]}</p>
          <button type="button" className="button full-width" onClick={leave}>
            {isLeaving ? signIn.leaving : signIn.action}
          </button>
          {hasFailed && (
            <p className="field-error" role="alert">
              {signIn.unreachable}
            </p>
          )}
        </div>
        {reason !== "never" && <p className="fine-print tertiary">{signIn.kept}</p>}
      </main>
      <div className="cloth" aria-hidden="true">
        {!savesData() && <img src={cloth} alt="" loading="lazy" />}
        <div className="sewn-label">
          <p className="display">{common.product}</p>
          <p>{signIn.label}</p>
        </div>
      </div>
    </div>
  );
}

/** The picture only decorates: it is not loaded by people who pay for each byte. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
