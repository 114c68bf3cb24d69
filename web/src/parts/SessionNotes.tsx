import { lazy, Suspense } from "react";

import { Link } from "../app/Link";
import { paths } from "../app/router";
import { useSession } from "../session/SessionContext";
import { STAGES, type Stage } from "../stages/stages";
import { useTexts } from "../texts";
import { Note } from "./Note";
import { OfflineNote } from "./OfflineNote";

const ClosedNote = lazy(() => import("./ClosedNote"));
const Conflicts = lazy(() => import("./Conflicts"));

/** What a person must know of a session before they go on with a stage. */
export function SessionNotes({ stage }: { stage: Stage }) {
  const { conflicts, saveState, error } = useSession();
  const isHere = conflicts.some((conflict) => conflict.stage === stage);
  return (
    <Suspense>
      <OfflineNote />
      {(saveState.kind === "closed" || error?.code === "session_lost") && <ClosedNote />}
      {isHere ? <Conflicts stage={stage} /> : <ConflictsElsewhere />}
    </Suspense>
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
