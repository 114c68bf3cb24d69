import { useState } from "react";

import { beginCopy } from "../screens/start/beginnings";
import type { WizardState } from "../session/types";
import { useTexts } from "../texts";

interface CopyButtonProps {
  /** The session whose data the new draft begins with. */
  sessionId: string;
  /** The data as the page shows it. */
  data: WizardState["data"];
  className: string;
  children: string;
}

/** Begins a new draft as a copy, and goes to it. */
export function CopyButton({ sessionId, data, className, children }: CopyButtonProps) {
  const { states } = useTexts();
  const [state, setState] = useState<"ready" | "copying" | "failed">("ready");

  async function copy() {
    setState("copying");
    await beginCopy(sessionId, data).catch(() => setState("failed"));
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
