import { type RefObject, useLayoutEffect } from "react";

/** The id of the panel, which the button that opens it names in `aria-controls`. */
export const PANEL_ID = "assistant";

interface PanelDialog {
  panel: RefObject<HTMLDialogElement | null>;
  /** What has the focus first, unless the panel was open before a reload. */
  first: RefObject<HTMLElement | null>;
  /** Beside the form, which stays usable; else over it. */
  isBeside: boolean;
  isRestored: boolean;
}

/**
 * Opens the panel, and puts the focus into it; as it closes, the focus returns to its button. Over the
 * form, it is modal: what it covers cannot be reached.
 */
export function usePanelDialog({ panel, first, isBeside, isRestored }: PanelDialog): void {
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    if (isBeside) element.open = true;
    else element.showModal();
    return () => element.close();
  }, [panel, isBeside]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: when it opens and closes, and not between
  useLayoutEffect(() => {
    const element = panel.current;
    if (!isRestored) first.current?.focus();
    return () => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body || element?.contains(focused))
        document.querySelector<HTMLElement>(`[aria-controls="${PANEL_ID}"]`)?.focus();
    };
  }, []);
}
