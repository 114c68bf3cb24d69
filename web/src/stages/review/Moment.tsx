import type { ReactNode } from "react";

import { displaySize } from "../../parts/displaySize";
import { Proof } from "../../parts/Proof";
import { SessionBar } from "../../parts/SessionBar";
import { useTexts } from "../../texts";

interface MomentProps {
  heading: string;
  /** Published: the sheet is cut. */
  cut?: boolean;
  /** On the proof, such as the band of a published page. */
  band?: ReactNode;
  children: ReactNode;
}

/** The pages at the end: one line in the display face, and the proof beside it. */
export function Moment({ heading, cut = false, band, children }: MomentProps) {
  const { common, proof } = useTexts();
  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <SessionBar isPublished={cut} />
      <div className="moment">
        <main id="main" className={cut ? "moment-main published" : "moment-main"}>
          <h1
            className="display hyphens"
            style={{ fontSize: displaySize(heading, "var(--d-moment)") }}
          >
            {heading}
          </h1>
          {children}
        </main>
        <aside className="proof-pane open" aria-label={proof.heading}>
          <Proof cut={cut}>{band}</Proof>
        </aside>
      </div>
    </>
  );
}
