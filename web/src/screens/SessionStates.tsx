import { Link } from "../app/Link";
import { paths } from "../app/router";
import { Bar } from "../parts/Bar";
import { LoadingLines } from "../parts/LoadingLines";
import { useSession } from "../session/SessionContext";
import { useTexts } from "../texts";
import { NotFound } from "./NotFound";

/** In place of a page, while there is no session to show: it loads, is not found, or did not load. */
export function WithoutSession() {
  const { states } = useTexts();
  const { error } = useSession();
  if (error?.code === "session_not_found") return <NotFound what="session" />;
  return (
    <>
      <Bar />
      <main className="page" id="main">
        {error === null ? (
          <LoadingLines label={states.loading} />
        ) : (
          <NotLoaded isUnreachable={error.isUnreachable} />
        )}
      </main>
    </>
  );
}

function NotLoaded({ isUnreachable }: { isUnreachable: boolean }) {
  const { states, notFound } = useTexts();
  const { refresh } = useSession();
  return (
    <div className="empty" role="alert">
      <h1 className="display text-d36">{isUnreachable ? states.unreachable : states.failed}</h1>
      <p className="secondary">
        {isUnreachable ? states.unreachableSentence : states.failedSentence}
      </p>
      <div className="acts">
        <button
          type="button"
          className="button"
          onClick={() => void refresh().catch(() => undefined)} // it says the same again
        >
          {states.tryAgain}
        </button>
        <Link className="text-button" href={paths.myEvents}>
          {notFound.action}
        </Link>
      </div>
    </div>
  );
}
