import "../look/components/stage.css";
import "../look/components/proof.css";

import { type ComponentType, lazy, Suspense } from "react";

import type { SessionRoute } from "../app/router";
import { FallProvider } from "../session/FallContext";
import { SessionProvider, useSession } from "../session/SessionContext";
import { EventSetup } from "../stages/EventSetup";
import { OrganizerSetup } from "../stages/OrganizerSetup";
import type { Stage } from "../stages/stages";
import { VenueSetup } from "../stages/VenueSetup";
import { SessionTextsProvider } from "../texts/SessionTextsProvider";
import { WithoutSession } from "./SessionStates";

/** The pages of one session, loaded with the first of them. */
export default function SessionPages({ route }: { route: SessionRoute }) {
  return (
    <SessionProvider sessionId={route.sessionId}>
      <SessionTextsProvider>
        <FallProvider>
          <Page route={route} />
        </FallProvider>
      </SessionTextsProvider>
    </SessionProvider>
  );
}

const History = lazy(() => import("./History"));
const Preview = lazy(() => import("./Preview"));
const ReviewPublish = lazy(() => import("../stages/ReviewPublish"));
const SponsorsMedia = lazy(() => import("../stages/SponsorsMedia"));
const TicketSetup = lazy(() => import("../stages/TicketSetup"));

const STAGE_PAGES: Record<Stage, ComponentType> = {
  organizerSetup: OrganizerSetup,
  eventSetup: EventSetup,
  venueSetup: VenueSetup,
  ticketSetup: TicketSetup,
  sponsorsMedia: SponsorsMedia,
  reviewPublish: ReviewPublish,
};

function Page({ route }: { route: SessionRoute }) {
  const { session } = useSession();
  if (session === null) return <WithoutSession />;
  if (route.name === "history")
    return (
      <Suspense>
        <History />
      </Suspense>
    );
  if (route.name === "preview")
    return (
      <Suspense>
        <Preview />
      </Suspense>
    );
  const StagePage = STAGE_PAGES[route.name === "stage" ? route.stage : session.current_stage];
  return (
    <Suspense>
      <StagePage />
    </Suspense>
  );
}
