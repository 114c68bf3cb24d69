import { useCallback, useEffect, useRef, useState } from "react";

import { unwrap } from "../../api/client";
import { closeSales, getSales, pauseSales, resumeSales, type SalesView } from "../../api/generated";

/** Milliseconds between two looks at the sales, while the page is seen. */
const PACE = 5_000;

const REQUESTS = { pause: pauseSales, resume: resumeSales, close: closeSales };

/** The sales of an event as they come in, and their switch. */
export function useSales(eventId: string) {
  const [sales, setSales] = useState<SalesView | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [isAway, setAway] = useState(false);
  const changes = useRef(0);

  useEffect(() => {
    let isShown = true;
    const look = () => {
      if (document.visibilityState !== "visible") return;
      const before = changes.current;
      unwrap(getSales({ path: { event_id: eventId } })).then(
        // A look that began before a change may not know it.
        (view) => isShown && changes.current === before && setSales(view),
        () => isShown && setAway(true), // the next look tries again
      );
    };
    look();
    const timer = setInterval(look, PACE);
    document.addEventListener("visibilitychange", look);
    return () => {
      isShown = false;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [eventId]);

  const change = useCallback(
    async (what: keyof typeof REQUESTS) => {
      setFailed(false);
      try {
        const headers = { "idempotency-key": crypto.randomUUID() };
        const view = await unwrap(REQUESTS[what]({ path: { event_id: eventId }, headers }));
        changes.current += 1;
        setSales(view);
      } catch {
        setFailed(true);
      }
    },
    [eventId],
  );

  return {
    sales,
    change,
    /** The last change did not work. */
    hasFailed,
    /** There are none to show, because the first look did not work. */
    isAway: isAway && sales === null,
  };
}

export type Sales = ReturnType<typeof useSales>;
