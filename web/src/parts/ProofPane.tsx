import type { ReactNode } from "react";

import { ErrorBoundary } from "../app/ErrorBoundary";
import { Link } from "../app/Link";
import { paths } from "../app/router";
import { Icon } from "../look/Icon";
import { useSession } from "../session/SessionContext";
import type { Stage } from "../stages/stages";
import { useTexts } from "../texts";
import { PartFailed } from "./Failed";
import { Proof } from "./Proof";
import { useMedia } from "./useMedia";

/** The table beside the form: a slip, if the stage has one, and the proof. */
export function ProofPane({ stage, slip }: { stage: Stage; slip: ReactNode }) {
  const { proof } = useTexts();
  const { session, sessionId } = useSession();
  // Elsewhere it would cost each keystroke time, and its picture would be loaded.
  const isShown = useMedia("(min-width: 1280px)");
  return (
    <aside className={slip ? "proof-pane with" : "proof-pane"} aria-label={proof.heading}>
      {slip}
      <div className="proof-head">
        <b className="font-[580]">{proof.heading}</b>
        <span className="secondary">{proof.lead}</span>
        <span className="end">
          <Link className="text-button" href={paths.preview(sessionId, stage)}>
            {proof.open}
            <Icon name="out" small />
          </Link>
        </span>
      </div>
      {isShown && session !== null && (
        <ErrorBoundary fallback={() => <PartFailed />}>
          <Proof low={stage === "ticketSetup"} />
        </ErrorBoundary>
      )}
    </aside>
  );
}
