import { lazy, Suspense } from "react";
import { MyEvents } from "../screens/MyEvents";
import { NotFound } from "../screens/NotFound";
import { type Route, routeOf, usePathname } from "./router";

const SessionPages = lazy(() => import("../screens/SessionPages"));

/** The page of the current path. */
export function Screen() {
  return <Page route={routeOf(usePathname())} />;
}

function Page({ route }: { route: Route }) {
  switch (route.name) {
    case "myEvents":
      return <MyEvents />;
    case "session":
    case "stage":
    case "history":
    case "preview":
      return (
        <Suspense>
          <SessionPages key={route.sessionId} route={route} />
        </Suspense>
      );
    default:
      return <NotFound />;
  }
}
