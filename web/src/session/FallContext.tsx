import { createContext, type ReactNode, use, useState } from "react";

import type { SessionView } from "../api/generated";
import { type Fall, nextFall } from "./falls";
import { useSession } from "./SessionContext";

const FallContext = createContext<Fall | null>(null);

/** Watches the progress of the session, from page to page. */
export function FallProvider({ children }: { children: ReactNode }) {
  const { session } = useSession();
  const [seen, setSeen] = useState<{ view: SessionView | null; fall: Fall | null }>({
    view: session,
    fall: null,
  });
  if (session !== null && session !== seen.view) {
    const fall = seen.view && nextFall(seen.view, session, seen.fall, Date.now());
    setSeen({ view: session, fall });
  }
  return <FallContext value={seen.fall}>{children}</FallContext>;
}

/** The last fall of the progress, while it is news. */
export function useFall(): Fall | null {
  return use(FallContext);
}
