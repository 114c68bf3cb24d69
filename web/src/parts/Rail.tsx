import type { SessionView } from "../api/generated";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { Link } from "../app/Link";
import { paths } from "../app/router";
import { useSession } from "../session/SessionContext";
import { ALL_CHECKS_PASS, STAGES, type Stage } from "../stages/stages";
import { useTexts } from "../texts";
import { measure } from "./Tape";
import { useWhy } from "./useWhy";

interface RailProps {
  /** Null while it is read. */
  session: SessionView | null;
  current: Stage;
  onLeave?: () => void;
}

/** The stages along the tape, with the state of each in words. */
export function Rail({ session, current, onLeave }: RailProps) {
  const { stages } = useTexts();
  const { sessionId } = useSession();
  return (
    <nav className="rail" aria-label={stages.open}>
      <p className="percentage numeric">
        {session?.completion_percentage ?? "\u00a0"}
        {session !== null && <span className="text-[0.5em]">%</span>}
      </p>
      <p className="why">
        <ErrorBoundary fallback={() => null}>
          <Why />
        </ErrorBoundary>
      </p>
      {/* The tape is not pulled out when the page is opened. */}
      <ol key={session === null ? "empty" : "filled"}>
        {STAGES.map((stage) => (
          <li key={stage} style={measure(stage, session?.completion_details[stage] ?? 0)}>
            <Link
              href={paths.stage(sessionId, stage)}
              aria-current={stage === current ? "step" : undefined}
              {...(onLeave && { onClick: onLeave })}
            >
              <b>{stages.names[stage]}</b>
              {session !== null && <StageState session={session} stage={stage} />}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** One sentence: what comes next, or why the progress fell. It reads the data of stages. */
function Why() {
  return useWhy();
}

function StageState({ session, stage }: { session: SessionView; stage: Stage }) {
  const { stages } = useTexts();
  const { conflicts } = useSession();
  const { valid, errors, data } = session.stages[stage];
  const percent = session.completion_details[stage];
  const hidden = <span className="visually-hidden">{stages.percent(percent)}</span>;
  const isBegun = Object.keys(data).length > 0;
  const toChoose = conflicts.filter((conflict) => conflict.stage === stage).length;
  if (toChoose > 0)
    return (
      <span>
        {stages.toChoose(toChoose)}
        {hidden}
      </span>
    );
  const wrong = errors.filter((error) => error.code !== "missing").length;
  if (wrong > 0)
    return (
      <span className="wrong">
        {stages.toCorrect(wrong)}
        {hidden}
      </span>
    );
  if (stage === "reviewPublish" && percent > 0 && percent < 100)
    return (
      <span>{percent === ALL_CHECKS_PASS ? stages.allChecksPass : stages.checksPass(percent)}</span>
    );
  let words: string;
  if (percent === 100 || (valid && isBegun)) words = stages.done;
  else if (!isBegun) words = stage === "sponsorsMedia" ? stages.notBegunOptional : stages.notBegun;
  else words = stages.toCome(Math.max(errors.length, 1));
  return (
    <span>
      {words}
      {hidden}
    </span>
  );
}
