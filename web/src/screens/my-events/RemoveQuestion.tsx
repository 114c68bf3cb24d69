import { useId } from "react";

import { Dialog } from "../../parts/Dialog";
import { useTexts } from "../../texts";

interface RemoveQuestionProps {
  open: boolean;
  name: string;
  onRemove: () => void;
  onKeep: () => void;
}

/** Deleting cannot be undone, so it is asked. */
export function RemoveQuestion({ open, name, onRemove, onKeep }: RemoveQuestionProps) {
  const { myEvents } = useTexts();
  const heading = useId();
  return (
    <Dialog open={open} onClose={onKeep} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {myEvents.removeQuestion(name)}
      </h2>
      <p>{myEvents.removeSentence}</p>
      <div className="acts">
        <button type="button" className="button danger" onClick={onRemove}>
          {myEvents.remove}
        </button>
        <button type="button" className="button line" onClick={onKeep}>
          {myEvents.keep}
        </button>
      </div>
    </Dialog>
  );
}
