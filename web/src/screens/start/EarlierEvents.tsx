import { useState } from "react";

import { unwrap } from "../../api/client";
import { type Event, listEvents } from "../../api/generated";
import { type Page, usePages } from "../../api/usePages";
import { LoadingLines } from "../../parts/LoadingLines";
import { useTexts } from "../../texts";
import { longDate } from "../../texts/format";
import { Way } from "./Way";

const PAGE = 10;

function readEvents(cursor: string | null): Promise<Page<Event>> {
  return unwrap(listEvents({ query: { limit: PAGE, cursor } })) as Promise<Page<Event>>;
}

interface EarlierEventsProps {
  /** `sessionId`: of the session that the event was published from. */
  onChoose: (sessionId: string) => void;
}

/** The way that begins with a copy. Its events are read once it is opened. */
export function EarlierEvents({ onChoose }: EarlierEventsProps) {
  const { start } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <Way
      name={start.earlier}
      sentence={start.earlierSentence}
      onClick={() => setOpen(!isOpen)}
      isOpen={isOpen}
    >
      {isOpen && <Choice onChoose={onChoose} />}
    </Way>
  );
}

function Choice({ onChoose }: EarlierEventsProps) {
  const { start, myEvents, language } = useTexts();
  const { items, problem, more, reload } = usePages(readEvents);
  if (problem !== null)
    return (
      <p className="field-error pb-4" role="alert">
        {start.notLoaded}
        <button type="button" className="text-button tight" onClick={reload}>
          {myEvents.tryAgain}
        </button>
      </p>
    );
  if (items === null)
    return (
      <div className="pb-6">
        <LoadingLines label={myEvents.loading} />
      </div>
    );
  if (items.length === 0) return <p className="hint pb-4">{start.noEarlier}</p>;
  return (
    <>
      <ul className="list earlier" aria-label={start.choose}>
        {items.map((event) => (
          <li key={event.event_id}>
            <button type="button" className="way" onClick={() => onChoose(event.session_id)}>
              <b className="display hyphens" lang={event.language ?? undefined}>
                {event.title}
              </b>
              <span>{longDate(event.event_date, language)}</span>
            </button>
          </li>
        ))}
      </ul>
      {more !== null && (
        <button type="button" className="text-button" onClick={more}>
          {myEvents.showMore}
        </button>
      )}
    </>
  );
}
