import { useId, useState } from "react";

import { Dialog } from "../../parts/Dialog";
import { useTexts } from "../../texts";

/** Closes the sales for good, after a question. */
export function CloseSales({ onConfirm }: { onConfirm: () => void }) {
  const { published } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const heading = useId();
  return (
    <>
      <button type="button" className="text-button" onClick={() => setAsking(true)}>
        {published.close}
      </button>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        labelledBy={heading}
        className="dialog"
      >
        <h2 className="heading-2" id={heading}>
          {published.closeQuestion}
        </h2>
        <p>{published.closeSentence}</p>
        <div className="acts">
          <button
            type="button"
            className="button danger"
            onClick={() => {
              setAsking(false);
              onConfirm();
            }}
          >
            {published.close}
          </button>
          <button type="button" className="button line" onClick={() => setAsking(false)}>
            {published.keepOpen}
          </button>
        </div>
      </Dialog>
    </>
  );
}
