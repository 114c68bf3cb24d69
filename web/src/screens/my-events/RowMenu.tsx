import { useId, useState } from "react";
import { answered, unwrap } from "../../api/client";
import { abandonSession, type Event, eraseSession, type SessionView } from "../../api/generated";
import { navigate, paths } from "../../app/router";
import { Icon } from "../../look/Icon";
import { Dialog } from "../../parts/Dialog";
import { useTexts } from "../../texts";

interface RowMenuProps {
  /** What the row is called, for screen readers and in the question. */
  name: string;
  /** A session or event whose sections a new draft may begin with. */
  copyOf: SessionView | Event;
  /** The slug of the public page, if there is one. */
  pageOf?: string;
  removable?: boolean;
  onGone: () => void;
}

/** "More" beside a row. */
export function RowMenu({ name, copyOf, pageOf, removable = false, onGone }: RowMenuProps) {
  const { myEvents } = useTexts();
  const menu = useId();
  const [isAsking, setAsking] = useState(false);
  const sessionId = copyOf.session_id;
  return (
    <>
      <button
        type="button"
        className="tool"
        aria-label={myEvents.more(name)}
        popoverTarget={menu}
        style={{ anchorName: `--${menu}` } as React.CSSProperties}
      >
        <Icon name="more" />
      </button>
      <ul
        id={menu}
        popover="auto"
        className="menu"
        style={{ positionAnchor: `--${menu}` } as React.CSSProperties}
      >
        {pageOf !== undefined && (
          <li>
            <a href={`/e/${pageOf}`}>{myEvents.page}</a>
          </li>
        )}
        <li>
          <button type="button" onClick={() => beginCopy(sessionId)}>
            {myEvents.copy}
          </button>
        </li>
        {removable && (
          <li>
            <button type="button" onClick={() => setAsking(true)}>
              {myEvents.remove}
            </button>
          </li>
        )}
      </ul>
      <RemoveQuestion
        open={isAsking}
        name={name}
        sessionId={sessionId}
        onClose={() => setAsking(false)}
        onGone={onGone}
      />
    </>
  );
}

async function beginCopy(sessionId: string): Promise<void> {
  const { begin, copiedSections } = await import("../start/beginnings");
  const copy = await begin(await copiedSections(sessionId), crypto.randomUUID());
  navigate(paths.stage(copy.session_id, copy.current_stage));
}

interface RemoveQuestionProps {
  open: boolean;
  name: string;
  sessionId: string;
  onClose: () => void;
  onGone: () => void;
}

function RemoveQuestion({ open, name, sessionId, onClose, onGone }: RemoveQuestionProps) {
  const { myEvents } = useTexts();
  const heading = useId();

  async function remove() {
    const path = { session_id: sessionId };
    const key = () => ({ "idempotency-key": crypto.randomUUID() });
    await unwrap(abandonSession({ path, headers: key() }));
    await answered(eraseSession({ path, headers: key() }));
    onClose();
    onGone();
  }

  return (
    <Dialog open={open} onClose={onClose} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {myEvents.removeQuestion(name)}
      </h2>
      <p>{myEvents.removeSentence}</p>
      <div className="acts">
        <button type="button" className="button danger" onClick={remove}>
          {myEvents.remove}
        </button>
        <button type="button" className="button line" onClick={onClose}>
          {myEvents.keep}
        </button>
      </div>
    </Dialog>
  );
}
