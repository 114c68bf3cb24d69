import type { PublicationStep, PublicationStepName } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { dateFormat } from "../../texts/formatters";
import { takesPayment } from "../tickets/tiers";

interface SeamProps {
  steps: readonly PublicationStep[];
  /** All steps in their order, those to come too. */
  names: readonly PublicationStepName[];
}

type StepLook = "done" | "running" | "failed" | "undone" | "toCome";

const CLASSES: Record<StepLook, string> = {
  done: "done",
  running: "running",
  failed: "failed",
  undone: "undone",
  toCome: "",
};

/** The steps of a publication as a seam: done, being sewn, to come; or taken back. */
export function Seam({ steps, names }: SeamProps) {
  const { publishing, language } = useTexts();
  const { address, tickets } = useWhatIsMade();
  const current = currentStep(steps, names);
  return (
    <ol className="seam">
      {names.map((name) => {
        const step = steps.find((one) => one.name === name);
        const look = lookOf(step, name === current);
        return (
          <li key={name} className={CLASSES[look]} aria-current={look === "running" && "step"}>
            <span className="stitch">
              {look === "done" && <Icon name="tick" small />}
              {look === "failed" && <Icon name="cross" small />}
            </span>
            <b>{publishing.steps[name]}</b>
            <span className="small secondary numeric">{words(name, step, look)}</span>
          </li>
        );
      })}
    </ol>
  );

  function words(name: PublicationStepName, step: PublicationStep | undefined, look: StepLook) {
    switch (look) {
      case "done": {
        const time = secondsTime(step?.at, language);
        if (name === "reserve") return address ?? time;
        return name === "catalogue" ? [tickets, time].filter(Boolean).join(", ") : time;
      }
      case "running":
        return name === "catalogue" && tickets !== null ? tickets : publishing.now;
      case "failed":
        return publishing.failedStep;
      case "undone":
        return publishing.takenBack;
      case "toCome":
        return publishing.toCome;
    }
  }
}

/** What steps make, as far as it is known before the event is published. */
function useWhatIsMade(): { address: string | null; tickets: string | null } {
  const { publishing } = useTexts();
  const { data } = useSession();
  const { slug } = data("eventSetup");
  const paid = (data("ticketSetup").tiers ?? []).filter(takesPayment).length;
  return {
    address: slug ? `${location.host}/e/${slug}` : null,
    tickets: paid > 0 ? publishing.kinds(paid) : null,
  };
}

/** The first step that is not done. */
export function currentStep(
  steps: readonly PublicationStep[],
  names: readonly PublicationStepName[],
): PublicationStepName | undefined {
  return names.find((name) => steps.find((step) => step.name === name)?.state !== "done");
}

function lookOf(step: PublicationStep | undefined, isCurrent: boolean): StepLook {
  if (step !== undefined && step.state !== "running") return step.state;
  return isCurrent ? "running" : "toCome";
}

function secondsTime(at: string | undefined, language: string): string {
  if (at === undefined) return "";
  return dateFormat(language, { timeStyle: "medium" }).format(new Date(at));
}
