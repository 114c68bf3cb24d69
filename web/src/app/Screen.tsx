import { Suspense, useEffect } from "react";

import { personKey, useIdentity, usePerson } from "../identity/IdentityContext";
import { Bar } from "../parts/Bar";
import { PageFailed } from "../parts/Failed";
import { NotFound } from "../screens/NotFound";
import { loadSessionTexts, preferredTag } from "../texts";
import { prepareFormatters } from "../texts/formatters";
import { ErrorBoundary } from "./ErrorBoundary";
import { whenIdle } from "./idle";
import { lazyPart, once } from "./loading";
import { type Route, routeOf, usePathname } from "./router";

const loadMyEvents = once(() => import("../screens/MyEvents"));
const MyEvents = lazyPart(loadMyEvents);
const loadStart = once(() => import("../screens/Start"));
const Start = lazyPart(loadStart);
const loadSessionPages = once(() => {
  // Begun here, so that it does not wait for the pages; they say what failed.
  loadSessionTexts().catch(() => undefined);
  return import("../screens/SessionPages");
});
const SessionPages = lazyPart(loadSessionPages);

/** Loads a page, and begins to read its session, if it has one. A page that fails says so itself. */
export async function preparePage(pathname: string): Promise<void> {
  await Promise.allSettled(partsOf(routeOf(pathname)));
}

function partsOf(route: Route): Promise<unknown>[] {
  if (route.name === "myEvents") return [loadMyEvents()];
  if (route.name === "start") return [loadStart()];
  if (!("sessionId" in route)) return [];
  prepareFormatters(preferredTag());
  const page = loadSessionPages().then(({ prepare }) => prepare(route));
  return [page, loadSessionTexts()];
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
    return whenIdle(() => void send().catch(() => undefined));
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
