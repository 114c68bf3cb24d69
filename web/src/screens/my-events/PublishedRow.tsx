import { useEffect, useState } from "react";
import { unwrap } from "../../api/client";
import { type Event, getSales, type SalesView } from "../../api/generated";
import { useWizard } from "../../api/wizard";
import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { salesState } from "../../stages/review/salesFacts";
import { Taken } from "../../stages/review/Taken";
import { useTexts } from "../../texts";
import { longDate, wholeNumber } from "../../texts/format";
import { RowMenu } from "./RowMenu";
import { Thumbnail } from "./Thumbnail";

interface PublishedRowProps {
  event: Event;
  onFailure: (sentence: string) => void;
}

export function PublishedRow({ event, onFailure }: PublishedRowProps) {
  const { myEvents, language } = useTexts();
  const kind = myEvents.kinds[event.type] ?? event.type;
  const place = event.venue_data.address?.city;
  const when = longDate(event.event_date, language);
  return (
    <li className="event-row pub">
      <Link href={paths.stage(event.session_id, "reviewPublish")}>
        <Thumbnail
          url={new URL(event.sponsor_data.media?.cover?.url ?? "/", location.href).pathname}
        />
        <div>
          <h3 className="display hyphens" lang={event.language ?? undefined}>
            {event.title}
          </h3>
          <p className="small secondary">
            {kind} · {place ? `${when}, ${place}` : when}
          </p>
        </div>
        <Sales event={event} />
      </Link>
      <RowMenu
        name={event.title}
        sessionId={event.session_id}
        pageOf={event.slug}
        onFailure={onFailure}
      />
    </li>
  );
}

function Sales({ event }: { event: Event }) {
  const { myEvents, language } = useTexts();
  useWizard(); // for the decimals of currencies
  const [sales, setSales] = useState<SalesView | null>(null);
  useEffect(() => {
    unwrap(getSales({ path: { event_id: event.event_id } })).then(setSales, () => undefined);
  }, [event.event_id]);
  if (sales === null) return <dl className="event-side" />;
  if (sales.tiers.length === 0)
    return (
      <dl className="event-side">
        <div>
          <dt>{myEvents.sales}</dt>
          <dd>{myEvents.free}</dd>
        </div>
      </dl>
    );
  const { sold, quantity } = sales.total;
  return (
    <dl className="event-side numeric">
      <div>
        <dt>{myEvents.sold}</dt>
        <dd>
          {wholeNumber(sold, language)}
          {quantity !== null && (
            <span className="tertiary"> {myEvents.of(wholeNumber(quantity, language))}</span>
          )}
        </dd>
      </div>
      <div>
        <dt>{myEvents.taken}</dt>
        <dd>
          <Taken {...sales.total} currency={event.currency} />
        </dd>
      </div>
      <div>
        <dt>{myEvents.sales}</dt>
        <dd>{myEvents.state[salesState(sales)]}</dd>
      </div>
    </dl>
  );
}
