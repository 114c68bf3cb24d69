import { useEffect, useState } from "react";
import { unwrap } from "../../api/client";
import { type Event, getEvent } from "../../api/generated";
import { CopyButton } from "../../parts/CopyButton";
import { AskingButton } from "../../parts/Question";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { dateAndTime } from "../../texts/format";
import { Moment } from "./Moment";
import { Sales } from "./Sales";
import { ShareRow } from "./ShareRow";
import { useSales } from "./useSales";

/** Milliseconds until the event is read again after a failure. */
const PAUSE = 3_000;

/** It is out: its link, and its sales as they come in. */
export default function Published() {
  const { published, common, language } = useTexts();
  const { session, data } = useSession();
  const event = useEvent(session?.event_id ?? null);
  const title = event?.title ?? data("eventSetup").title ?? common.untitled;
  const time = event?.published_at ? dateAndTime(new Date(event.published_at), language) : "";
  return (
    <Moment heading={published.heading(title)} cut band={{ words: published.band, time }}>
      <p className="lead secondary">{time && published.lead(time)}</p>
      {event !== null && <PublishedEvent event={event} />}
    </Moment>
  );
}

function PublishedEvent({ event }: { event: Event }) {
  const { published } = useTexts();
  const { sessionId, data } = useSession();
  const state = useSales(event.event_id);
  return (
    <>
      <ShareRow event={event} />
      <Sales event={event} {...state} />
      <div className="acts mt-8">
        <CopyButton sessionId={sessionId} data={data} className="text-button">
          {published.another}
        </CopyButton>
        {state.sales !== null && state.sales.tiers.length > 0 && state.sales.sales !== "closed" && (
          <AskingButton
            className="text-button"
            heading={published.closeQuestion}
            sentence={published.closeSentence}
            confirm={published.close}
            keep={published.keepOpen}
            onConfirm={() => state.change("close")}
          />
        )}
      </div>
    </>
  );
}

function useEvent(eventId: string | null): Event | null {
  const [event, setEvent] = useState<Event | null>(null);
  useEffect(() => {
    if (eventId === null) return;
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    function read(id: string) {
      unwrap(getEvent({ path: { event_id: id } })).then(
        (answer) => isShown && setEvent(answer),
        () => {
          if (isShown) timer = setTimeout(() => read(id), PAUSE);
        },
      );
    }
    read(eventId);
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [eventId]);
  return event;
}
