import {
  createContext,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useId,
  useMemo,
  useState,
} from "react";

import { ErrorBoundary } from "../app/ErrorBoundary";
import { lazyPart } from "../app/loading";
import { Icon } from "../look/Icon";
import { Dialog } from "../parts/Dialog";
import { PartFailed } from "../parts/Failed";
import { useSession } from "../session/SessionContext";
import { useTexts } from "../texts";
import { keepOpen, wasOpen } from "./openPanels";

const Assistant = lazyPart(() => import("./Assistant"));

interface Switch {
  isOpen: boolean;
  setOpen(isOpen: boolean): void;
}

const SwitchContext = createContext<Switch>({ isOpen: false, setOpen: () => undefined });

/**
 * Holds the assistant of a session beside its pages. It is loaded once the person opens it, and works
 * on while its panel is closed.
 */
export function AssistantHost({ children }: { children: ReactNode }) {
  const { session, sessionId } = useSession();
  const [isRestored, setRestored] = useState(() => wasOpen(sessionId));
  const [isOpen, show] = useState(isRestored);
  const [isLoaded, load] = useState(false);
  // There is nothing left to do for a published event, after what has published it.
  const isWanted = isOpen && session !== null && session.publication.state !== "published";
  useEffect(() => {
    if (isWanted) load(true);
  }, [isWanted]);
  const panel = useMemo(
    () => ({
      isOpen,
      setOpen(isOpening: boolean) {
        keepOpen(sessionId, isOpening);
        show(isOpening);
        if (!isOpening) setRestored(false);
      },
    }),
    [isOpen, sessionId],
  );
  return (
    <SwitchContext value={panel}>
      {children}
      {isLoaded && (
        <ErrorBoundary
          fallback={() => <Failed isOpen={isOpen} onClose={() => panel.setOpen(false)} />}
        >
          <Suspense>
            <Assistant isOpen={isOpen} setOpen={panel.setOpen} isRestored={isRestored} />
          </Suspense>
        </ErrorBoundary>
      )}
    </SwitchContext>
  );
}

/** In place of the panel. The wizard works without it. */
function Failed({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { common } = useTexts();
  const heading = useId();
  return (
    <Dialog open={isOpen} onClose={onClose} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {common.assistant}
      </h2>
      <PartFailed />
      <div className="acts">
        <button type="button" className="button line" onClick={onClose}>
          {common.close}
        </button>
      </div>
    </Dialog>
  );
}

/** Opens and closes the panel, which `aria-controls` names. */
export function AssistantButton() {
  const { common } = useTexts();
  const { isOpen, setOpen } = use(SwitchContext);
  return (
    <button
      type="button"
      className="tool"
      aria-expanded={isOpen}
      aria-controls="assistant"
      onClick={() => setOpen(!isOpen)}
    >
      <Icon name="needle" />
      <span className="tool-label">{common.assistant}</span>
    </button>
  );
}
