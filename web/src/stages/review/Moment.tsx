import type { ReactNode } from "react";

import { displaySize } from "../../parts/displaySize";
import { Proof } from "../../parts/Proof";
import { SessionBar } from "../../parts/SessionBar";
import { useHeadingFocus } from "../../parts/useHeadingFocus";
import { useTexts } from "../../texts";

interface BandProps {
  words: string;
  time: string;
  /** The time is still to come: the band is basted. */
  isProvisional?: boolean;
}

export interface MomentProps {
  heading: string;
  /** Published: the sheet is cut. */
  cut?: boolean;
  band?: BandProps;
  children: ReactNode;
}

/** The pages at the end: one line in the display face, and the proof beside it. */
export function Moment({ heading, cut = false, band, children }: MomentProps) {
  const { common, proof } = useTexts();
  const title = useHeadingFocus();
  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <SessionBar isPublished={cut} />
      <div className="moment">
        <main id="main" className={band ? "moment-main dated" : "moment-main"}>
          <h1
            className="display hyphens"
            ref={title}
            tabIndex={-1}
            style={{ fontSize: displaySize(heading, "var(--d-moment)") }}
          >
            {heading}
          </h1>
          {band && <Band {...band} isFlat />}
          {children}
        </main>
        <aside className="proof-pane open" aria-label={proof.heading}>
          <Proof cut={cut}>{band && <Band {...band} />}</Proof>
        </aside>
      </div>
    </>
  );
}

/** Since when it is public, or from when: on the proof; on narrow screens under the heading. */
function Band({
  words,
  time,
  isProvisional = false,
  isFlat = false,
}: BandProps & { isFlat?: boolean }) {
  const classes = ["band", isFlat && "flat", isProvisional && "provisional"];
  return (
    <div className={classes.filter(Boolean).join(" ")} aria-hidden="true">
      <span>{words}</span>
      <span className="numeric">{time}</span>
    </div>
  );
}
