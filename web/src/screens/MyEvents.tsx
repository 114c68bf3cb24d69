import "../look/components/my-events.css";

import { unwrap } from "../api/client";
import { type Event, listEvents, listSessions, type SessionView } from "../api/generated";
import { type Page, usePages } from "../api/usePages";
import { Link } from "../app/Link";
import { paths } from "../app/router";
import { Icon } from "../look/Icon";
import { Bar } from "../parts/Bar";
import { useTexts } from "../texts";
import { AccountMenu } from "./my-events/AccountMenu";
import { DraftRow } from "./my-events/DraftRow";
import { PublishedRow } from "./my-events/PublishedRow";

const PAGE = 20;

function readDrafts(cursor: string | null): Promise<Page<SessionView>> {
  const query = { status: "in_progress", limit: PAGE, cursor } as const;
  return unwrap(listSessions({ query })) as Promise<Page<SessionView>>;
}

function readEvents(cursor: string | null): Promise<Page<Event>> {
  return unwrap(listEvents({ query: { limit: PAGE, cursor } })) as Promise<Page<Event>>;
}

export default function MyEvents() {
  const { myEvents, common } = useTexts();
  const drafts = usePages(readDrafts);
  const events = usePages(readEvents);
  const isEmpty = drafts.items?.length === 0 && events.items?.length === 0;
  const problem = drafts.problem ?? events.problem;

  function reload() {
    drafts.reload();
    events.reload();
  }

  return (
    <>
      <a className="skip" href="#main">
        {common.toContent}
      </a>
      <Bar>
        <AccountMenu />
      </Bar>
      <main className="page" id="main">
        <header className="masthead">
          <h1 className="display">{myEvents.heading}</h1>
          {!isEmpty && (
            <Link className="button" href={paths.start}>
              <Icon name="plus" />
              {myEvents.newEvent}
            </Link>
          )}
        </header>
        {problem !== null && (
          <p className="field-error mt-8" role="alert">
            {myEvents.unreachable}
            <button type="button" className="text-button tight" onClick={reload}>
              {myEvents.tryAgain}
            </button>
          </p>
        )}
        {isEmpty && <Empty />}
        <List heading={myEvents.drafts} items={drafts.items} more={drafts.more}>
          {(session) => (
            <DraftRow key={session.session_id} session={session} onGone={drafts.reload} />
          )}
        </List>
        <List heading={myEvents.published} items={events.items} more={events.more}>
          {(event) => <PublishedRow key={event.event_id} event={event} onGone={events.reload} />}
        </List>
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

interface ListProps<Item> {
  heading: string;
  items: readonly Item[] | null;
  more: (() => void) | null;
  children: (item: Item) => React.ReactNode;
}

function List<Item>({ heading, items, more, children }: ListProps<Item>) {
  const { myEvents } = useTexts();
  if (items === null || items.length === 0) return null;
  return (
    <section>
      <div className="section-heading">
        <h2 className="heading-2">{heading}</h2>
        {more === null && <span className="secondary small numeric">{items.length}</span>}
      </div>
      <ul className="list">{items.map(children)}</ul>
      {more !== null && (
        <button type="button" className="text-button" onClick={more}>
          {myEvents.showMore}
        </button>
      )}
    </section>
  );
}
