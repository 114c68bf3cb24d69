import { lazy, Suspense } from "react";
import { NotFound } from "../screens/NotFound";
import { loadSessionTexts } from "../texts";
import { type Route, routeOf, usePathname } from "./router";

const MyEvents = lazy(() => import("../screens/MyEvents"));
const Start = lazy(() => import("../screens/Start"));
const SessionPages = lazy(() => {
  void loadSessionTexts();
  return import("../screens/SessionPages");
});

/** The page of the current path. */
export function Screen() {
  return (
    <Suspense fallback={null}>
      <Page route={routeOf(usePathname())} />
    </Suspense>
  );
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
