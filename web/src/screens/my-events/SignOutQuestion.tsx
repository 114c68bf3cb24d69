import { useId } from "react";

import { Dialog } from "../../parts/Dialog";
import type { Unsent } from "../../session/unsent";
import { useTexts } from "../../texts";
import { titleOf, unsentText } from "./unsentText";

interface SignOutQuestionProps {
  /** Empty while nothing is asked. */
  unsent: readonly Unsent[];
  onSignOut: () => void;
  onStay: () => void;
}

/** Signing out keeps unsent text on this device; this offers a copy of it first. */
export default function SignOutQuestion({ unsent, onSignOut, onStay }: SignOutQuestionProps) {
  const texts = useTexts();
  const { myEvents } = texts;
  const heading = useId();
  return (
    <Dialog open={unsent.length > 0} onClose={onStay} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {myEvents.signOutQuestion}
      </h2>
      <p>{myEvents.signOutSentence(unsent.length)}</p>
      <ul className="list mt-4">
        {unsent.map((session) => (
          <li key={session.sessionId} className="py-2">
            {titleOf(session, texts)}{" "}
            <span className="small secondary">{myEvents.unsentFields(session.entries.length)}</span>
          </li>
        ))}
      </ul>
      <div className="acts">
        <button type="button" className="button" onClick={onSignOut}>
          {myEvents.signOut}
        </button>
        <button
          type="button"
          className="button line"
          onClick={() => save(unsentText(unsent, texts, location.origin), myEvents.unsentFile)}
        >
          {myEvents.download}
        </button>
        <button type="button" className="text-button" onClick={onStay}>
          {myEvents.stay}
        </button>
      </div>
    </Dialog>
  );
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
