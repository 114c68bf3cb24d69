import { Suspense, use } from "react";

import type { SessionView, StageErrorView } from "../../api/generated";
import { ErrorBoundary } from "../../app/ErrorBoundary";
import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { Tape } from "../../parts/Tape";
import { loadErrorTexts, useTexts } from "../../texts";
import { firstSentence } from "../../texts/sentences";
import { dateOfDraft, kindDateAndPlace, type NextThing, nextThing } from "./draftFacts";
import { RowMenu } from "./RowMenu";
import { Thumbnail } from "./Thumbnail";

interface DraftRowProps {
  session: SessionView;
  onRemove: () => void;
  onFailure: (sentence: string) => void;
}

/** A draft: what it is, how far it is, what comes next. The whole row is the link. */
export function DraftRow({ session, onRemove, onFailure }: DraftRowProps) {
  const texts = useTexts();
  const { myEvents, common } = texts;
  const { title, language } = session.stages.eventSetup.data;
  const isRunning = session.publication.state === "running";
  return (
    <li className="event-row">
      <Link href={paths.stage(session.session_id, session.current_stage)}>
        <Thumbnail url={session.stages.sponsorsMedia.data.media?.cover?.url} />
        <div>
          <h3 className="display hyphens" lang={(title && language) || undefined}>
            {title ? title : <span className="basted">{common.untitled}</span>}
          </h3>
          <p className="small secondary">{kindDateAndPlace(session, texts)}</p>
        </div>
        <div className="event-side">
          <p className="small">
            <b>{session.completion_percentage} %</b> <Next thing={nextThing(session, texts)} />
          </p>
          <Tape
            thin
            completion={session.completion_details}
            progress={session.completion_percentage}
          />
          <p className="fine-print tertiary">{dateOfDraft(session, texts)}</p>
        </div>
      </Link>
      <RowMenu
        name={title || myEvents.draftWithoutTitle}
        sessionId={session.session_id}
        onRemove={isRunning ? undefined : onRemove}
        onFailure={onFailure}
      />
    </li>
  );
}

function Next({ thing }: { thing: NextThing }) {
  const { stages } = useTexts();
  if (!("error" in thing))
    return <span className={thing.isWrong ? "wrong" : "secondary"}>{thing.words}</span>;
  const inShort = <span className="wrong">{stages.toCorrect(1)}</span>;
  return (
    <ErrorBoundary fallback={() => inShort}>
      <Suspense fallback={inShort}>
        <Wrong error={thing.error} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Its sentence is loaded then: most drafts have nothing wrong. */
function Wrong({ error }: { error: StageErrorView }) {
  const sentence = use(loadErrorTexts());
  const { first } = firstSentence(sentence(error));
  return <span className="wrong">{first.replace(/\.$/, "")}</span>;
}
