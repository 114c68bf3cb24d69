import { Suspense, useEffect } from "react";

import { personKey, useIdentity, usePerson } from "../identity/IdentityContext";
import { Bar } from "../parts/Bar";
import { PageFailed } from "../parts/Failed";
import { NotFound } from "../screens/NotFound";
import { loadSessionTexts, preferredTag } from "../texts";
import { prepareFormatters } from "../texts/formatters";
import { ErrorBoundary } from "./ErrorBoundary";
import { lazyPart, once } from "./loading";
import { type Route, routeOf, usePathname } from "./router";

const MyEvents = lazyPart(() => import("../screens/MyEvents"));
const Start = lazyPart(() => import("../screens/Start"));
const loadSessionPages = once(() => {
  // Begun here, so that it does not wait for the pages; they say what failed.
  loadSessionTexts().catch(() => undefined);
  return import("../screens/SessionPages");
});
const SessionPages = lazyPart(loadSessionPages);

/** Loads the page of a session, and begins to read the session. A page that fails says so itself. */
export async function preparePage(pathname: string): Promise<void> {
  const route = routeOf(pathname);
  if (!("sessionId" in route)) return;
  prepareFormatters(preferredTag());
  const page = loadSessionPages().then(({ prepare }) => prepare(route));
  await Promise.allSettled([page, loadSessionTexts()]);
}

/** The page of the current path. */
export function Screen() {
  useLeftText();
  return (
    <ErrorBoundary fallback={withBar}>
      <Suspense fallback={null}>
        <Page route={routeOf(usePathname())} />
      </Suspense>
    </ErrorBoundary>
  );
}

function withBar(failure: unknown) {
  return (
    <>
      <Bar />
      <PageFailed failure={failure} />
    </>
  );
}

/** Sends what earlier pages have left on this device. */
function useLeftText(): void {
  const identity = useIdentity();
  const person = personKey(usePerson());
  useEffect(() => {
    const send = async () => {
      const { sendLeftText } = await import("../session/leftText");
      await sendLeftText(person, identity);
    };
    // It stays on this device until the next page.
    send().catch(() => undefined);
  }, [person, identity]);
}

function Page({ route }: { route: Route }) {
  switch (route.name) {
    case "myEvents":
      return <MyEvents />;
    case "start":
      return <Start />;
    case "session":
    case "stage":
    case "history":
    case "preview":
      return <SessionPages key={route.sessionId} route={route} />;
    default:
      return <NotFound />;
  }
}
