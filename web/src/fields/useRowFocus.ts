import { type RefObject, useEffect, useRef } from "react";

import { isFocusLost } from "./isFocusLost";

/**
 * Keeps the focus in a list of which one row is open in its place: the button that opens or closes a
 * row goes with it. An open row has the focus as a whole, as a field would open a phone's keyboard.
 *
 * @param open the index of the open row
 */
export function useRowFocus(list: RefObject<HTMLElement | null>, open: number | null): void {
  const before = useRef(open);
  useEffect(() => {
    const closed = before.current;
    before.current = open;
    if (open === closed || !isFocusLost()) return;
    const row = list.current?.children[open ?? closed ?? 0];
    const target = open === null ? row?.querySelector(":scope > .text-button") : row;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  }, [list, open]);
}
