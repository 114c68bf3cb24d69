import type { PublicationStep, PublicationStepName } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { Moment } from "./Moment";

const FREE: PublicationStepName[] = ["revalidate", "reserve", "publish"];
const PAID: PublicationStepName[] = ["revalidate", "reserve", "catalogue", "publish"];

/** The steps as a seam: done, being sewn, to come. */
export function Publishing() {
  const { publishing, common } = useTexts();
  const { session, data } = useSession();
  const steps = session?.publication.steps ?? [];
  const isPaid =
    steps.some(({ name }) => name === "catalogue") ||
    (data("ticketSetup").tiers ?? []).some(({ unit_amount }) => (unit_amount ?? 0) > 0);
  const names = isPaid ? PAID : FREE;
  const running = names.findIndex((name) => stateOf(steps, name) !== "done");
  const now = names[running];
  return (
    <Moment heading={publishing.heading(data("eventSetup").title || common.untitled)}>
      <div role="status" aria-live="polite">
        <p className="secondary lead">
          {now === undefined
            ? publishing.waiting
            : publishing.progress(running + 1, names.length, publishing.doing[now])}
        </p>
      </div>
      <Seam steps={steps} names={names} />
      <p className="hint safe">{publishing.safe}</p>
    </Moment>
  );
}

function stateOf(steps: readonly PublicationStep[], name: PublicationStepName) {
  return steps.find((step) => step.name === name)?.state;
}

interface SeamProps {
  steps: readonly PublicationStep[];
  names: readonly PublicationStepName[];
}

function Seam({ steps, names }: SeamProps) {
  const { publishing, language } = useTexts();
  const first = names.findIndex((name) => stateOf(steps, name) !== "done");
  return (
    <ol className="seam">
      {names.map((name, index) => {
        const step = steps.find((one) => one.name === name);
        const isDone = step?.state === "done";
        const isNow = index === first;
        return (
          <li key={name} className={isDone ? "done" : isNow ? "running" : ""}>
            <span className="stitch">{isDone && <Icon name="tick" small />}</span>
            <b>{publishing.steps[name]}</b>
            <span className="small secondary numeric">{about(step, isNow)}</span>
          </li>
        );
      })}
    </ol>
  );

  function about(step: PublicationStep | undefined, isNow: boolean): string {
    if (step?.state === "undone") return publishing.takenBack;
    if (step?.state === "failed") return publishing.failedStep;
    if (step?.state === "done")
      return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(step.at));
    return isNow ? "" : publishing.toCome;
  }
}
