import { useState } from "react";

import { Link } from "../../app/Link";
import { paths } from "../../app/router";
import { Icon } from "../../look/Icon";
import { Note } from "../../parts/Note";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { dateAndTime } from "../../texts/format";
import { Moment } from "./Moment";
import { Reasons } from "./Reasons";

/** It goes public at a time. */
export function Scheduled() {
  const { publishing, common, language } = useTexts();
  const { session, sessionId, data, cancelPublication } = useSession();
  const [hasFailed, setFailed] = useState(false);
  if (session === null) return null;
  const { publish_at, error } = session.publication;
  const time = publish_at ? dateAndTime(new Date(publish_at), language) : "";

  async function cancel() {
    setFailed(false);
    await cancelPublication().catch(() => setFailed(true));
  }

  return (
    <Moment
      heading={publishing.scheduled(data("eventSetup").title || common.untitled)}
      band={{ words: publishing.scheduledBand, time, isProvisional: true }}
    >
      <p className="secondary lead">{time && publishing.scheduledFor(time)}</p>
      <p className="mt-5 text-pretty">{publishing.scheduledLead}</p>
      {error && (
        <div className="mt-6">
          <Note kind="wrong" icon="alert" title={publishing.atRisk}>
            <Reasons {...error} errors={error.errors ?? []} />
          </Note>
        </div>
      )}
      {hasFailed && (
        <p className="field-error mt-6" role="alert">
          <Icon name="alert" small />
          <span>{publishing.notCancelled}</span>
        </p>
      )}
      <div className="acts mt-8">
        <Link className="button" href={paths.stage(sessionId, "eventSetup")}>
          {publishing.back}
        </Link>
        <button type="button" className="button line" onClick={cancel}>
          {publishing.cancel}
        </button>
      </div>
    </Moment>
  );
}
