import {
  type FormEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";

import { Link } from "../app/Link";
import { navigate, paths } from "../app/router";
import { Icon } from "../look/Icon";
import { useSession } from "../session/SessionContext";
import { neighbour, STAGES, type Stage } from "../stages/stages";
import type { StageForm } from "../stages/useStageForm";
import { useTexts } from "../texts";
import { Dialog } from "./Dialog";
import { ErrorSummary } from "./ErrorSummary";
import { LoadingLines } from "./LoadingLines";
import { ProofPane } from "./ProofPane";
import { Rail } from "./Rail";
import { SessionBar } from "./SessionBar";
import { SessionNotes } from "./SessionNotes";
import { Tape } from "./Tape";
import { useFragmentFocus } from "./useFragmentFocus";
import { useHeadingFocus } from "./useHeadingFocus";
import { useWhyItFell } from "./useWhy";

interface StageFrameProps<S extends Stage> {
  stage: S;
  form: StageForm<S>;
  /** The question of the stage, its one h1. */
  question: string;
  lead?: string;
  /** A slip that lies on the table above the proof; on narrow screens below the form. */
  slip?: ReactNode;
  /** What Continue does, if it is not "complete this stage". */
  onSubmit?: (event: FormEvent) => void;
  /** In place of Continue. */
  action?: ReactNode;
  children: ReactNode;
}

/**
 * Bar, rail, form, the row with Back and Continue, and the proof. The form is shown once the session
 * is read: what is typed always has a place.
 */
export function StageFrame<S extends Stage>(props: StageFrameProps<S>) {
  const { stage, question, lead, slip } = props;
  const { common, states } = useTexts();
  const { session } = useSession();
  const isRead = session !== null;
  // Many fields: rendered between other work of the browser, and not in one long task.
  const hasFields = useDeferredValue(isRead, isRead);
  const heading = useHeadingFocus();
  const fell = useWhyItFell();
  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <div className="sticky-top">
        <SessionBar />
        <StageLine stage={stage} />
      </div>
      <div className="stage">
        <Rail session={session} current={stage} />
        <p className="visually-hidden" role="status">
          {fell}
        </p>
        <main className="stage-main" id="main">
          <header>
            <h1 ref={heading} tabIndex={-1}>
              {question}
            </h1>
            {lead !== undefined && <p>{lead}</p>}
          </header>
          {hasFields ? <Content {...props} /> : <LoadingLines label={states.loading} />}
        </main>
        <ProofPane stage={stage} slip={slip} />
      </div>
    </>
  );
}

/** The form, and the row with Back and Continue. */
function Content<S extends Stage>({ stage, form, onSubmit, action, children }: StageFrameProps<S>) {
  const { stages, common } = useTexts();
  const { sessionId } = useSession();
  const summary = useRef<HTMLDivElement>(null);
  const [attempts, setAttempts] = useState(0);
  const before = neighbour(stage, -1);
  const after = neighbour(stage, 1);
  useFragmentFocus();

  useEffect(() => {
    if (attempts > 0) summary.current?.focus();
  }, [attempts]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const view = await form.submit();
    if (view === null) setAttempts((count) => count + 1);
    else if (after !== null) navigate(paths.stage(sessionId, after));
  }

  return (
    <>
      <form className="form" noValidate id="stage-form" onSubmit={onSubmit ?? submit}>
        <SessionNotes stage={stage} />
        {form.isSubmitted && (
          <ErrorSummary errors={form.shownErrors} data={form.data} ref={summary} />
        )}
        {children}
      </form>
      <div className="gap" />
      <div className="go-bar">
        {before !== null && (
          <Link className="text-button back" href={paths.stage(sessionId, before)}>
            <Icon name="left" small />
            {stages.backTo(stages.shortNames[before])}
          </Link>
        )}
        <Link className="button line see-preview" href={paths.preview(sessionId, stage)}>
          <Icon name="eye" />
          {common.preview}
        </Link>
        {action ?? (after !== null && <Continue to={after} isClosed={form.disabled} />)}
      </div>
    </>
  );
}

/** Completes the stage and goes on; if the session takes no changes, it only goes on. */
function Continue({ to, isClosed }: { to: Stage; isClosed: boolean }) {
  const { stages } = useTexts();
  const { sessionId } = useSession();
  const words = stages.continueTo(stages.shortNames[to]);
  return isClosed ? (
    <Link className="button" href={paths.stage(sessionId, to)}>
      {words}
    </Link>
  ) : (
    <button type="submit" className="button" form="stage-form">
      {words}
    </button>
  );
}

/** On narrow screens: the stage and its tape, which open all stages as a sheet. */
function StageLine({ stage }: { stage: Stage }) {
  const { stages, common } = useTexts();
  const { session } = useSession();
  const [isOpen, setOpen] = useState(false);
  const heading = useId();
  const position = STAGES.indexOf(stage) + 1;
  return (
    <nav aria-label={stages.current}>
      <button
        type="button"
        className="stage-line"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span className="small">
          <b>{stages.names[stage]}</b>{" "}
          <span className="secondary">· {stages.position(position)}</span>
        </span>
        <span className="small numeric secondary">
          {session !== null && `${session.completion_percentage} %`}
        </span>
        <Icon name="chevron" small />
        <Tape
          thin
          completion={session?.completion_details ?? null}
          progress={session?.completion_percentage ?? 0}
        />
      </button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} labelledBy={heading} className="sheet">
        <h2 className="visually-hidden" id={heading}>
          {stages.open}
        </h2>
        <button
          type="button"
          className="tool"
          aria-label={common.close}
          onClick={() => setOpen(false)}
        >
          <Icon name="cross" />
        </button>
        <Rail session={session} current={stage} onLeave={() => setOpen(false)} />
      </Dialog>
    </nav>
  );
}
