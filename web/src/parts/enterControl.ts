const CONTROLS = "input, select, textarea, button, a[href]";

/**
 * Focuses a control, and opens each `details` that hides it.
 *
 * @returns whether the page has an element with this id
 */
export function enterControl(id: string): boolean {
  const element = document.getElementById(id);
  if (element === null) return false;
  for (
    let around = element.closest("details");
    around !== null;
    around = around.parentElement?.closest("details") ?? null
  )
    around.open = true;
  element.focus();
  // A group that takes no focus itself: its first control does.
  if (document.activeElement !== element) element.querySelector<HTMLElement>(CONTROLS)?.focus();
  return true;
}
