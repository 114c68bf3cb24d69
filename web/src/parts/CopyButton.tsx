import { useState } from "react";

import { beginCopy } from "../screens/start/beginnings";
import { useTexts } from "../texts";

interface CopyButtonProps {
  /** The session whose data the new draft begins with. */
  sessionId: string;
  className: string;
  children: string;
}

/** Begins a new draft as a copy, and goes to it. */
export function CopyButton({ sessionId, className, children }: CopyButtonProps) {
  const { states } = useTexts();
  const [state, setState] = useState<"ready" | "copying" | "failed">("ready");

  async function copy() {
    setState("copying");
    await beginCopy(sessionId).catch(() => setState("failed"));
  }

  return (
    <>
      <button type="button" className={className} disabled={state === "copying"} onClick={copy}>
        {state === "copying" ? states.copying : children}
      </button>
      {state === "failed" && (
        <p className="field-error" role="alert">
          {states.copyFailed}
        </p>
      )}
    </>
  );
}
