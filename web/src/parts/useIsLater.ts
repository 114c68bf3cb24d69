import { startTransition, useEffect, useState } from "react";

/**
 * False in the first render, true in one after it: what is not seen at first is rendered, and laid
 * out, in tasks of its own. `useDeferredValue` would not wait here, because a stage's fields are
 * rendered by one already.
 */
export function useIsLater(): boolean {
  const [isLater, setLater] = useState(false);
  useEffect(() => startTransition(() => setLater(true)), []);
  return isLater;
}
