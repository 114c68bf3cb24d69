import { type RefObject, useEffect, useRef } from "react";

/**
 * Escape closes a row that is open in its place, or a picture, as it closes a dialog. A field that
 * uses the key itself comes first: an open list, or an input method.
 */
export function useEscape(area: RefObject<HTMLElement | null>, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const element = area.current;
    function closeOnEscape({ key, target, isComposing }: KeyboardEvent) {
      if (key !== "Escape" || isComposing) return;
      // The field is left before it is gone: what it does then is done.
      if (target instanceof HTMLElement) target.blur();
      latest.current();
    }
    element?.addEventListener("keydown", closeOnEscape);
    return () => element?.removeEventListener("keydown", closeOnEscape);
  }, [area]);
}
