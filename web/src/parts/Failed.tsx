import { useState } from "react";

import { Link } from "../app/Link";
import { LoadFailure } from "../app/loading";
import { paths, usePathname } from "../app/router";
import { useTexts } from "../texts";

/** In place of a page that threw, or whose files did not load. */
export function PageFailed({ failure }: { failure: unknown }) {
  const { failed, notFound } = useTexts();
  const isAtMyEvents = usePathname() === paths.myEvents;
  const { loadAgain, isAway } = useLoadAgain();
  const isFault = !(failure instanceof LoadFailure);
  return (
    <main className="page" id="main">
      <div className="empty" role="alert">
        <h1 className="display text-d36">{isFault ? failed.page : failed.notLoaded}</h1>
        <p className="secondary">{isFault ? failed.pageSentence : failed.notLoadedSentence}</p>
        <div className="acts">
          <button type="button" className="button" onClick={loadAgain}>
            {failed.again}
          </button>
          {!isAtMyEvents && (
            <Link className="text-button" href={paths.myEvents}>
              {notFound.action}
            </Link>
          )}
        </div>
        {isAway && <p className="small secondary">{failed.stillAway}</p>}
      </div>
    </main>
  );
}

/** In place of a part of a page, which can be used without it. */
export function PartFailed() {
  const { failed } = useTexts();
  const { loadAgain, isAway } = useLoadAgain();
  return (
    <div className="field-error" role="alert">
      <span>
        {failed.part}{" "}
        <button type="button" className="text-button tight" onClick={loadAgain}>
          {failed.again}
        </button>{" "}
        {isAway && failed.stillAway}
      </span>
    </div>
  );
}

/**
 * Loads the page again if the wizard can be reached; otherwise the browser would show an error page
 * of its own. It loads the whole page, because browsers keep the failure of an import.
 */
function useLoadAgain() {
  const [isAway, setAway] = useState(false);

  async function loadAgain() {
    setAway(false);
    const response = await fetch("/", { cache: "no-store" }).catch(() => null);
    if (response?.ok) location.reload();
    else setAway(true);
  }

  return { loadAgain, isAway };
}
