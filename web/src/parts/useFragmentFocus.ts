import { useEffect } from "react";

import { onNavigation } from "../app/router";
import { enterControl } from "./enterControl";

/** Milliseconds that a control may take to appear, such as one in a ticket's row that opens. */
const PATIENCE = 1_500;

/** Ids of controls and of Stripe's slip. Other fragments, such as that of the skip link, are the browser's. */
const TARGET = /^(?:field-|stripe$)/;

/**
 * Focuses the control that the address names in its fragment, such as `#field-title`, when the page
 * is opened and whenever a link of the wizard leads to one.
 */
export function useFragmentFocus(): void {
  useEffect(() => {
    let stop = enterFragment();
    const stopListening = onNavigation(() => {
      stop();
      stop = enterFragment();
    });
    return () => {
      stop();
      stopListening();
    };
  }, []);
}

function enterFragment(): () => void {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!TARGET.test(id) || enterControl(id)) return () => undefined;
  const observer = new MutationObserver(() => {
    if (enterControl(id)) stop();
  });
  const timer = setTimeout(() => {
    stop();
    enterNearest(id);
  }, PATIENCE);
  function stop() {
    observer.disconnect();
    clearTimeout(timer);
  }
  observer.observe(document.body, { childList: true, subtree: true });
  return stop;
}

/** A field without a control of its own: what contains it, such as `#field-tiers` of `#field-tiers-0-id`. */
function enterNearest(id: string): void {
  const end = id.lastIndexOf("-");
  if (end <= 0) return;
  const parent = id.slice(0, end);
  if (!enterControl(parent)) enterNearest(parent);
}
