import type { SessionRoute } from "../app/router";
import { SessionProvider, useSession } from "../session/SessionContext";
import { EventSetup } from "../stages/EventSetup";

/** The pages of one session, loaded with the first of them. */
export default function SessionPages({ route }: { route: SessionRoute }) {
  return (
    <SessionProvider sessionId={route.sessionId}>
      <Page route={route} />
    </SessionProvider>
  );
}

function Page({ route }: { route: SessionRoute }) {
  const { session } = useSession();
  if (session === null) return null;
  return route.name === "stage" && route.stage === "eventSetup" ? <EventSetup /> : null;
}
