import { useEffect, useId, useRef, useState } from "react";

import { Icon } from "../../look/Icon";
import { AskingButton } from "../../parts/Question";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { clockTime } from "../../texts/format";

/** The account at Stripe: its state, what is missing, and the way there and back. */
export function StripeSlip() {
  const { stripe, language } = useTexts();
  const state = useSession();
  const heading = useId();
  const [doing, setDoing] = useState<"leaving" | "looking" | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const payments = state.session?.payments;

  async function attempt(what: "leaving" | "looking", work: () => Promise<unknown>) {
    setDoing(what);
    setFailed(false);
    try {
      await work();
    } catch {
      setFailed(true);
    }
    setDoing(null);
  }

  const look = () => attempt("looking", () => state.refresh());
  useLookOnReturn(look);

  if (payments === undefined) return null;
  const { status = "not_connected", reason, checked_at, livemode, requirements } = payments;
  const about = [
    status !== "not_connected" && payments.account_id,
    livemode === false && stripe.testMode,
    status !== "not_connected" &&
      checked_at &&
      stripe.looked(clockTime(new Date(checked_at), language)),
  ];
  const needsPerson = status !== "ready";
  const isOneThing = needsPerson && requirements?.length === 1;
  const known = isOneThing ? stripe.oneThing : stripe.title[status];
  const title = reason === "unauthorized" ? stripe.unauthorized : known;

  /** Of a code such as `identity.individual.address`, the last part that has words. */
  function inWords(requirement: string): string {
    const part = requirement.split(".").findLast((one) => one in stripe.requirements);
    return stripe.requirements[part ?? ""] ?? stripe.otherRequirement;
  }

  return (
    <section className="slip" id="stripe" tabIndex={-1} aria-labelledby={heading}>
      <div>
        <h2 id={heading}>{title}</h2>
        <p className="small secondary">{about.filter(Boolean).join(" · ")}</p>
      </div>
      <p className="small">{stripe.sentence[status]}</p>
      {requirements !== undefined && requirements.length > 0 && (
        <ul className="small">
          {[...new Set(requirements.map(inWords))].map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {hasFailed && (
        <p className="field-error" role="alert">
          <Icon name="alert" small />
          <span>{stripe.failed}</span>
        </p>
      )}
      <div className="acts">
        {needsPerson && (
          <button
            type="button"
            className="button line"
            onClick={() =>
              attempt("leaving", async () => {
                const { onboarding_url } = await state.connectPayments();
                location.assign(onboarding_url);
              })
            }
          >
            {status === "onboarding" || status === "restricted" ? stripe.carryOn : stripe.connect}
            <Icon name="out" small />
          </button>
        )}
        {status !== "not_connected" && (
          <button type="button" className="text-button small" onClick={look}>
            {doing === "looking" ? stripe.looking : stripe.lookAgain}
          </button>
        )}
        {status === "ready" && (
          <AskingButton
            className="text-button small"
            heading={stripe.disconnectQuestion}
            sentence={stripe.disconnectSentence}
            confirm={stripe.disconnect}
            keep={stripe.keepConnected}
            onConfirm={() => attempt("looking", () => state.disconnectPayments())}
          />
        )}
      </div>
    </section>
  );
}

/** People come back from Stripe with the page as it was: the state is fetched again. */
function useLookOnReturn(look: () => Promise<void>): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    const onShow = () => {
      if (document.visibilityState === "visible") void latest.current();
    };
    void latest.current();
    addEventListener("pageshow", onShow);
    return () => removeEventListener("pageshow", onShow);
  }, []);
}
