import { useState } from "react";

import { Menu } from "../../parts/Menu";
import { Question } from "../../parts/Question";
import { useTexts } from "../../texts";

interface RowMenuProps {
  /** What the row is called, for screen readers and in the question. */
  name: string;
  /** A draft, or the one that an event was published from: a new draft may begin as its copy. */
  sessionId: string;
  /** The slug of the public page, if there is one. */
  pageOf?: string;
  /** For what may be deleted: called once the person has confirmed it. */
  onRemove?: (() => void) | undefined;
  onFailure: (sentence: string) => void;
}

/** "More" beside a row. */
export function RowMenu({ name, sessionId, pageOf, onRemove, onFailure }: RowMenuProps) {
  const { myEvents } = useTexts();
  const [isAsking, setAsking] = useState(false);

  return (
    <>
      <Menu label={myEvents.more(name)}>
        {pageOf !== undefined && <a href={`/e/${pageOf}`}>{myEvents.page}</a>}
        <button
          type="button"
          onClick={() => copyEvent(sessionId).catch(() => onFailure(myEvents.notCopied(name)))}
        >
          {myEvents.copy}
        </button>
        {onRemove !== undefined && (
          <button type="button" onClick={() => setAsking(true)}>
            {myEvents.remove}
          </button>
        )}
      </Menu>
      <Question
        open={isAsking}
        heading={myEvents.removeQuestion(name)}
        sentence={myEvents.removeSentence}
        confirm={myEvents.remove}
        keep={myEvents.keep}
        onConfirm={() => {
          setAsking(false);
          onRemove?.();
        }}
        onKeep={() => setAsking(false)}
      />
    </>
  );
}

/** What a copy needs is loaded with the first one. */
async function copyEvent(sessionId: string): Promise<void> {
  const { beginCopy } = await import("../start/beginnings");
  await beginCopy(sessionId);
}
