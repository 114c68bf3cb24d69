import type { CSSProperties } from "react";

import { STAGES, type Stage, WEIGHTS } from "../stages/stages";
import { useTexts } from "../texts";

interface TapeProps {
  /** Percent of each stage, 0 to 100; null while it is not known. */
  completion: Readonly<Record<Stage, number>> | null;
  /** Overall percent, for its name. */
  progress: number;
  thin?: boolean;
}

/** Progress as a measuring tape: a segment for each stage, as long as its weight. */
export function Tape({ completion, progress, thin = false }: TapeProps) {
  const { stages } = useTexts();
  return (
    <div
      className={thin ? "tape thin" : "tape"}
      // It is not pulled out when the page is opened.
      key={completion === null ? "empty" : "filled"}
      {...(completion === null
        ? { "aria-hidden": true }
        : { role: "img", "aria-label": stages.percentDone(progress) })}
    >
      {STAGES.map((stage) => (
        <i key={stage} style={measure(stage, completion?.[stage] ?? 0)} />
      ))}
    </div>
  );
}

/** The weight and fill of a segment, for the stylesheet. */
export function measure(stage: Stage, percent: number): CSSProperties {
  return { "--w": WEIGHTS[stage], "--p": percent } as CSSProperties;
}
