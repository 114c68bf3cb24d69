import { useId, useState } from "react";

import { Dialog } from "./Dialog";

interface Words {
  heading: string;
  /** What will be lost. */
  sentence: string;
  confirm: string;
  keep: string;
}

interface QuestionProps extends Words {
  open: boolean;
  onConfirm: () => void;
  onKeep: () => void;
}

/** Asks before what cannot be undone. */
export function Question(props: QuestionProps) {
  const { open, heading, sentence, confirm, keep, onConfirm, onKeep } = props;
  const id = useId();
  return (
    <Dialog open={open} onClose={onKeep} labelledBy={id} className="dialog">
      <h2 className="heading-2" id={id}>
        {heading}
      </h2>
      <p>{sentence}</p>
      <div className="acts">
        <button type="button" className="button danger" onClick={onConfirm}>
          {confirm}
        </button>
        <button type="button" className="button line" onClick={onKeep}>
          {keep}
        </button>
      </div>
    </Dialog>
  );
}

interface AskingButtonProps extends Words {
  className: string;
  onConfirm: () => void;
}

/** A button that asks first. */
export function AskingButton({ className, onConfirm, ...words }: AskingButtonProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className={className} onClick={() => setAsking(true)}>
        {words.confirm}
      </button>
      <Question
        {...words}
        open={isAsking}
        onConfirm={() => {
          setAsking(false);
          onConfirm();
        }}
        onKeep={() => setAsking(false)}
      />
    </>
  );
}
