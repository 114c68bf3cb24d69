import { useEffect } from "react";

import type { PublicationStepName } from "../../api/generated";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { takesPayment } from "../tickets/tiers";
import { Moment } from "./Moment";
import { currentStep, Seam } from "./Seam";

const FREE: PublicationStepName[] = ["revalidate", "reserve", "publish"];
const PAID: PublicationStepName[] = ["revalidate", "reserve", "catalogue", "publish"];

/** Milliseconds between two reads of the steps, while the stream is away. */
const PACE = 1_000;

/** The page while the workflow publishes. It shows the newest state, however it was reached. */
export function Publishing() {
  useStepsWithoutStream();
  const { publishing, common } = useTexts();
  const { session, data } = useSession();
  const { title } = data("eventSetup");
  const steps = session?.publication.steps ?? [];
  const isPaid =
    steps.some(({ name }) => name === "catalogue") ||
    (data("ticketSetup").tiers ?? []).some(takesPayment);
  const names = isPaid ? PAID : FREE;
  const current = currentStep(steps, names);
  return (
    <Moment heading={publishing.heading(title || common.untitled)}>
      <div role="status" aria-live="polite">
        <p className="secondary lead">
          {current === undefined
            ? publishing.waiting
            : publishing.progress(
                names.indexOf(current) + 1,
                names.length,
                publishing.doing[current],
              )}
        </p>
      </div>
      <Seam steps={steps} names={names} />
      <p className="hint safe">{publishing.safe}</p>
    </Moment>
  );
}

/** The stream brings each step as it begins and ends. While it is away, the workflow is asked. */
function useStepsWithoutStream(): void {
  const { refresh, isLive } = useSession();
  useEffect(() => {
    if (isLive) return;
    let isReading = false;
    const timer = setInterval(async () => {
      if (isReading || document.visibilityState !== "visible") return;
      isReading = true;
      // While no worker answers, the newest steps stay.
      await refresh().catch(() => undefined);
      isReading = false;
    }, PACE);
    return () => clearInterval(timer);
  }, [refresh, isLive]);
}
