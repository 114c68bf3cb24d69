import "../look/forms.css";
import "../look/components/controls.css";
import "../look/components/stage.css";
import "../look/components/rail.css";
import "../look/components/proof.css";

import { type ComponentType, Suspense, useEffect } from "react";

import { readWizard } from "../api/wizard";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { lazyPart, once } from "../app/loading";
import type { SessionRoute } from "../app/router";
import { AssistantHost } from "../assistant/AssistantHost";
import { PageFailed } from "../parts/Failed";
import { SessionBar } from "../parts/SessionBar";
import { FallProvider } from "../session/FallContext";
import { SessionProvider, useSession } from "../session/SessionContext";
import { readAhead } from "../session/sessionApi";
import { EventSetup } from "../stages/EventSetup";
import { OrganizerSetup } from "../stages/OrganizerSetup";
import type { Stage } from "../stages/stages";
import { VenueSetup } from "../stages/VenueSetup";
import { useTexts } from "../texts";
import { SessionTextsProvider } from "../texts/SessionTextsProvider";
import { WithoutSession } from "./SessionStates";

/** Begins to read what a page shows, before it is rendered. Resolves once its own file is there. */
export async function prepare(route: SessionRoute): Promise<void> {
  readAhead(route.sessionId);
  readWizard();
  // Its title is in the display face: loaded later, the face would have the form laid out twice.
  if (route.name === "stage" && route.stage === "eventSetup")
    document.fonts.load('1em "Imbue Variable"').catch(() => undefined);
  if (route.name === "stage" && route.stage in LOADS)
    await LOADS[route.stage as keyof typeof LOADS]();
}

/** The pages of one session, loaded with the first of them. */
export default function SessionPages({ route }: { route: SessionRoute }) {
  return (
    <SessionProvider sessionId={route.sessionId}>
      {/* The session is read while the texts are loaded. */}
      <Suspense>
        <SessionTextsProvider>
          <FallProvider>
            <AssistantHost>
              <ErrorBoundary fallback={withSessionBar}>
                <Suspense>
                  <Page route={route} />
                </Suspense>
              </ErrorBoundary>
            </AssistantHost>
          </FallProvider>
        </SessionTextsProvider>
      </Suspense>
    </SessionProvider>
  );
}

/** The save line stays, which says where the text is. */
function withSessionBar(failure: unknown) {
  return (
    <>
      <SessionBar />
      <PageFailed failure={failure} />
    </>
  );
}

const History = lazyPart(() => import("./History"));
const Preview = lazyPart(() => import("./Preview"));

const LOADS = {
  ticketSetup: once(() => import("../stages/TicketSetup")),
  sponsorsMedia: once(() => import("../stages/SponsorsMedia")),
  reviewPublish: once(() => import("../stages/ReviewPublish")),
};

const STAGE_PAGES: Record<Stage, ComponentType> = {
  organizerSetup: OrganizerSetup,
  eventSetup: EventSetup,
  venueSetup: VenueSetup,
  ticketSetup: lazyPart(LOADS.ticketSetup),
  sponsorsMedia: lazyPart(LOADS.sponsorsMedia),
  reviewPublish: lazyPart(LOADS.reviewPublish),
};

function Page({ route }: { route: SessionRoute }) {
  const { session, error } = useSession();
  useTabTitle(route);
  // The frame of a stage needs no session, so it is shown while the session is read.
  if (route.name === "stage" && (session !== null || error === null))
    return <StagePage stage={route.stage} />;
  if (session === null) return <WithoutSession />;
  if (route.name === "history") return <History />;
  if (route.name === "preview") return <Preview />;
  return <StagePage stage={session.current_stage} />;
}

function StagePage({ stage }: { stage: Stage }) {
  const OwnPage = STAGE_PAGES[stage];
  return <OwnPage />;
}

/** Names the browser's tab after the page and the event, such as "Venue: Nachtschicht". */
function useTabTitle(route: SessionRoute): void {
  const { common, proof, published, stages } = useTexts();
  const { session, data } = useSession();
  const isOut = (stage: Stage) =>
    stage === "reviewPublish" && session?.publication.state === "published";
  const page = {
    history: () => common.history,
    preview: () => proof.heading,
    session: () => session && stages.names[session.current_stage],
    stage: () =>
      route.name === "stage" && (isOut(route.stage) ? published.band : stages.names[route.stage]),
  }[route.name]();
  const title = session && (data("eventSetup").title || common.untitled);
  useEffect(() => {
    if (page) document.title = title === null ? page : `${page}: ${title}`;
    return () => {
      document.title = common.product;
    };
  }, [page, title, common]);
}
