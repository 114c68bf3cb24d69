import { Suspense } from "react";

import { ErrorBoundary } from "../app/ErrorBoundary";
import { Link } from "../app/Link";
import { lazyPart } from "../app/loading";
import { paths } from "../app/router";
import { useSession } from "../session/SessionContext";
import { STAGES, type Stage } from "../stages/stages";
import { useTexts } from "../texts";
import { PartFailed } from "./Failed";
import { Note } from "./Note";
import { OfflineNote } from "./OfflineNote";

const ClosedNote = lazyPart(() => import("./ClosedNote"));
const Conflicts = lazyPart(() => import("./Conflicts"));

/** What a person must know of a session before they go on with a stage. */
export function SessionNotes({ stage }: { stage: Stage }) {
  const { conflicts, saveState } = useSession();
  const isHere = conflicts.some((conflict) => conflict.stage === stage);
  return (
    <>
      <OfflineNote />
      <ErrorBoundary fallback={() => <PartFailed />}>
        <Suspense>
          {saveState.kind === "closed" && <ClosedNote />}
          {isHere ? <Conflicts stage={stage} /> : <ConflictsElsewhere />}
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

function ConflictsElsewhere() {
  const { states, stages } = useTexts();
  const { conflicts, sessionId } = useSession();
  const stage = STAGES.find((one) => conflicts.some((conflict) => conflict.stage === one));
  if (stage === undefined) return null;
  return (
    <Note kind="others" icon="people" title={states.elsewhere(stages.names[stage])}>
      <Link className="text-button" href={paths.stage(sessionId, stage)}>
        {states.go(stages.names[stage])}
      </Link>
    </Note>
  );
}
