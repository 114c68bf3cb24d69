import { useEffect, useState } from "react";
import { unwrap } from "../api/client";
import { getPreview } from "../api/generated";
import { Link } from "../app/Link";
import { paths, useFragment } from "../app/router";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { Proof } from "../parts/Proof";
import { useHeadingFocus } from "../parts/useHeadingFocus";
import { useSession } from "../session/SessionContext";
import { isStage } from "../stages/stages";
import { useTexts } from "../texts";

/** The whole public page of the draft, as the API renders it; until it is there, the proof. */
export default function Preview() {
  const { proof } = useTexts();
  const { session, sessionId, flush } = useSession();
  const from = useFragment();
  const heading = useHeadingFocus({ namesField: () => false });
  const [page, setPage] = useState<string | null>(null);

  useEffect(() => {
    let isShown = true;
    void flush()
      .then(() => unwrap(getPreview({ path: { session_id: sessionId } })))
      .then((html) => {
        if (isShown) setPage(String(html));
      })
      .catch(() => undefined); // the proof stays
    return () => {
      isShown = false;
    };
  }, [sessionId, flush]);

  if (session === null) return null;
  return (
    <>
      <Bar title={`${proof.heading}, ${proof.lead}`}>
        <Link
          className="tool"
          href={paths.stage(sessionId, isStage(from) ? from : session.current_stage)}
        >
          <span className="tool-label">{proof.back}</span>
          <Icon name="cross" />
        </Link>
      </Bar>
      <main id="main" className={page === null ? "proof-page" : "preview-page"}>
        <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
          {proof.heading}
        </h1>
        {page === null ? (
          <Proof />
        ) : (
          <iframe title={proof.label} srcDoc={page} sandbox="allow-same-origin" />
        )}
      </main>
    </>
  );
}
