import type { SessionView } from "../../api/generated";
import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { Tape } from "../../parts/Tape";
import { STAGES } from "../../stages/stages";
import { useTexts } from "../../texts";
import { ago, dateAndTime, longDate, shortDay } from "../../texts/format";
import { RowMenu } from "./RowMenu";
import { Thumbnail } from "./Thumbnail";

/** Milliseconds after a change in which its time says more than the draft's end. */
const RECENT = 3_600_000;

export function DraftRow({ session, onGone }: { session: SessionView; onGone: () => void }) {
  const { myEvents, common, language } = useTexts();
  const { title } = session.stages.eventSetup.data;
  return (
    <li className="event-row">
      <Link href={paths.stage(session.session_id, session.current_stage)}>
        <Thumbnail url={session.stages.sponsorsMedia.data.media?.cover?.url} />
        <div>
          <h3 className="display">
            {title ? title : <span className="basted">{common.untitled}</span>}
          </h3>
          <p className="small secondary">{kindDateAndPlace(session)}</p>
        </div>
        <div className="event-side">
          <p className="small">
            <b>{session.completion_percentage} %</b> <NextThing session={session} />
          </p>
          <Tape
            thin
            completion={session.completion_details}
            progress={session.completion_percentage}
          />
          <p className="fine-print tertiary">{keptOrChanged(session)}</p>
        </div>
      </Link>
      <RowMenu
        name={title || myEvents.draftWithoutTitle}
        copyOf={session}
        removable
        onGone={onGone}
      />
    </li>
  );

  function kindDateAndPlace({ stages }: SessionView): string {
    const { type, date } = stages.eventSetup.data;
    if (!type && !date) return myEvents.kindOpen;
    const place = stages.venueSetup.data.address?.city;
    const when = date ? longDate(date, language) : myEvents.dateOpen;
    const parts = [
      type ? (myEvents.kinds[type] ?? type) : null,
      place ? `${when}, ${place}` : when,
    ];
    return parts.filter((part) => part !== null).join(" · ");
  }

  function keptOrChanged({ updated_at, expires_at, publication }: SessionView): string {
    if (publication.state === "scheduled" && publication.publish_at)
      return myEvents.scheduled(dateAndTime(new Date(publication.publish_at), language));
    const changed = new Date(updated_at);
    if (Date.now() - changed.getTime() < RECENT) return myEvents.changed(ago(changed, language));
    return myEvents.keptUntil(shortDay(new Date(expires_at), language));
  }
}

/** The first thing to correct, or what comes next. */
function NextThing({ session }: { session: SessionView }) {
  const { myEvents, stages, error: sentence } = useTexts();
  const all = STAGES.flatMap((stage) => session.stages[stage].errors);
  const wrong = all.find((error) => error.code !== "missing");
  if (wrong !== undefined) return <span className="wrong">{sentence(wrong)}</span>;
  const next = STAGES.find(
    (stage) => stage !== "reviewPublish" && session.completion_details[stage] < 100,
  );
  const words = next === undefined ? myEvents.ready : myEvents.next(stages.names[next]);
  return <span className="secondary">{words}</span>;
}
