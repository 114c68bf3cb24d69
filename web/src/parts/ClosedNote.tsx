import type { SessionView } from "../api/generated";
import { Link } from "../app/Link";
import { paths } from "../app/router";
import { useSession } from "../session/SessionContext";
import { useTexts } from "../texts";
import { shortDay } from "../texts/format";
import { CopyButton } from "./CopyButton";
import { Note } from "./Note";

/** Why the session takes no changes, and what can be done instead. */
export default function ClosedNote() {
  const { states } = useTexts();
  const { session, sessionId, data, isLost, unsent } = useSession();
  const said = useReason(session, isLost);
  if (session === null || said === null) return null;
  const { publication } = session;
  return (
    <Note kind="closed" icon="clock" title={said.title}>
      <p className="secondary">{said.sentence}</p>
      {unsent > 0 && <p className="secondary">{states.unsentHere(unsent)}</p>}
      {publication.state === "running" || session.status === "completed" ? (
        <Link className="text-button" href={paths.stage(sessionId, "reviewPublish")}>
          {session.status === "completed" ? states.seePublished : states.seePublishing}
        </Link>
      ) : (
        <CopyButton sessionId={sessionId} data={data} className="button line">
          {states.copy}
        </CopyButton>
      )}
    </Note>
  );
}

function useReason(
  session: SessionView | null,
  isLost: boolean,
): { title: string; sentence: string } | null {
  const { states, language } = useTexts();
  if (session === null) return null;
  if (isLost) return { title: states.lost, sentence: states.lostSentence };
  const day = shortDay(new Date(session.updated_at), language);
  switch (session.status) {
    case "in_progress":
      return session.publication.state === "running"
        ? { title: states.publishing, sentence: states.publishingSentence }
        : null;
    case "completed":
      return { title: states.published, sentence: states.publishedSentence };
    case "expired":
      return { title: states.expired(day), sentence: states.expiredSentence };
    case "abandoned":
      return { title: states.abandoned(day), sentence: states.abandonedSentence };
  }
}
