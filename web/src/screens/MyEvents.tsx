import "../look/components/my-events.css";

import { useEffect, useState } from "react";

import { answered, unwrap } from "../api/client";
import {
  type Event,
  eraseSession,
  listEvents,
  listSessions,
  type SessionView,
} from "../api/generated";
import { type Page, usePages } from "../api/usePages";
import { Link } from "../app/Link";
import { paths } from "../app/router";
import { personKey, usePerson } from "../identity/IdentityContext";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { LoadingLines } from "../parts/LoadingLines";
import { Note } from "../parts/Note";
import { useHeadingFocus } from "../parts/useHeadingFocus";
import { useTexts } from "../texts";
import { AccountMenu } from "./my-events/AccountMenu";
import { DraftRow } from "./my-events/DraftRow";
import { EventList } from "./my-events/EventList";
import { PublishedRow } from "./my-events/PublishedRow";

const PAGE = 20;

function readDrafts(cursor: string | null): Promise<Page<SessionView>> {
  const query = { status: "in_progress", limit: PAGE, cursor } as const;
  return unwrap(listSessions({ query })) as Promise<Page<SessionView>>;
}

function readEvents(cursor: string | null): Promise<Page<Event>> {
  return unwrap(listEvents({ query: { limit: PAGE, cursor } })) as Promise<Page<Event>>;
}

function erase(sessionId: string): Promise<unknown> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  return answered(eraseSession({ path: { session_id: sessionId }, headers }));
}

export default function MyEvents() {
  const { myEvents, common } = useTexts();
  const person = personKey(usePerson());
  const drafts = usePages(readDrafts);
  const events = usePages(readEvents);
  const heading = useHeadingFocus();
  const [removed, setRemoved] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const isEmpty = drafts.items?.length === 0 && events.items?.length === 0;
  const isLoading = drafts.items === null || events.items === null;
  const problem = drafts.problem ?? events.problem;

  useEffect(() => {
    // The button that had the focus is gone with its row, and so is the question in front of it.
    if (removed > 0) heading.current?.focus();
  }, [removed, heading]);

  function tryAgain() {
    drafts.reload();
    events.reload();
  }

  /** The row is gone at once: the API takes a few seconds to delete all that it has stored. */
  async function remove(session: SessionView) {
    drafts.remove(session);
    setRemoved((count) => count + 1);
    try {
      await erase(session.session_id);
    } catch {
      const { title } = session.stages.eventSetup.data;
      setFailure(myEvents.notRemoved(title || myEvents.draftWithoutTitle));
      drafts.reload();
      return;
    }
    await import("../session/forget")
      .then(({ forgetSession }) => forgetSession(person, session.session_id))
      .catch(() => undefined); // what is left is of a draft that is gone
  }

  return (
    <>
      <title>{`${myEvents.heading} · ${common.product}`}</title>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <Bar>
        <AccountMenu />
      </Bar>
      <main className="page" id="main">
        <header className="masthead">
          <h1 className="display" ref={heading} tabIndex={-1}>
            {myEvents.heading}
          </h1>
          {!isEmpty && (
            <Link className="button" href={paths.start}>
              <Icon name="plus" />
              {myEvents.newEvent}
            </Link>
          )}
        </header>
        <div role="alert">
          {problem !== null && (
            <div className="mt-10">
              <Note kind="wrong" icon="alert" title={myEvents.unreachable}>
                <button type="button" className="text-button" onClick={tryAgain}>
                  {myEvents.tryAgain}
                </button>
              </Note>
            </div>
          )}
          {failure !== null && <p className="field-error mt-6">{failure}</p>}
        </div>
        {isLoading && problem === null && (
          <div className="mt-16">
            <LoadingLines label={myEvents.loading} />
          </div>
        )}
        {isEmpty && <Empty />}
        {!isLoading && (
          <>
            <EventList heading={myEvents.drafts} pages={drafts}>
              {(session) => (
                <DraftRow
                  key={session.session_id}
                  session={session}
                  onRemove={() => remove(session)}
                  onFailure={setFailure}
                />
              )}
            </EventList>
            <EventList heading={myEvents.published} pages={events}>
              {(event) => (
                <PublishedRow key={event.event_id} event={event} onFailure={setFailure} />
              )}
            </EventList>
          </>
        )}
      </main>
    </>
  );
}

function Empty() {
  const { myEvents } = useTexts();
  return (
    <div className="empty mt-12">
      <p className="display text-d36">{myEvents.empty}</p>
      <p className="secondary">{myEvents.emptySentence}</p>
      <Link className="button" href={paths.start}>
        {myEvents.begin}
      </Link>
    </div>
  );
}
