import type { Route } from "../app/router";
import { useSession } from "../session/SessionContext";
import { EventSetup } from "../stages/EventSetup";

/** The pages of one session, loaded with the first of them. */
export default function SessionPages({ route }: { route: Route }) {
  const { session } = useSession();
  if (session === null) return null;
  return route.name === "stage" && route.stage === "eventSetup" ? <EventSetup /> : null;
}
