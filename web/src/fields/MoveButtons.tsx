import { type RefObject, useEffect, useRef } from "react";

import { Icon } from "../look/Icon";
import { useTexts } from "../texts";

interface MoveButtonsProps {
  /** The name of the element. */
  name: string;
  index: number;
  count: number;
  disabled: boolean;
  onMove: (from: number, to: number) => void;
}

/** Moves an element of a list up or down. An only element has no other place. */
export function MoveButtons({ name, index, count, disabled, onMove }: MoveButtonsProps) {
  const { fields } = useTexts();
  if (count === 1) return null;
  return (
    <>
      <button
        type="button"
        className="tool"
        data-move="up"
        aria-label={fields.up(name)}
        disabled={disabled || index === 0}
        onClick={() => onMove(index, index - 1)}
      >
        <Icon name="up" small />
      </button>
      <button
        type="button"
        className="tool"
        data-move="down"
        aria-label={fields.down(name)}
        disabled={disabled || index === count - 1}
        onClick={() => onMove(index, index + 1)}
      >
        <Icon name="down" small />
      </button>
    </>
  );
}

/** The list with one element at another place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const list = [...items];
  list.splice(to, 0, ...list.splice(from, 1));
  return list;
}

/**
 * Keeps the focus on the button of the element that has moved, at an end of the list on its other
 * button: the browser loses it when the row is put elsewhere. The returned function is called
 * before the list changes.
 */
export function useFocusOfMoved(list: RefObject<HTMLElement | null>) {
  const last = useRef<{ to: number; button: "up" | "down" } | null>(null);
  useEffect(() => {
    if (last.current === null) return;
    const { to, button } = last.current;
    last.current = null;
    const row = list.current?.children[to];
    const same = row?.querySelector<HTMLElement>(`[data-move=${button}]:not([disabled])`);
    (same ?? row?.querySelector<HTMLElement>("[data-move]:not([disabled])"))?.focus();
  });
  return (from: number, to: number) => {
    last.current = { to, button: to < from ? "up" : "down" };
  };
}
