import { type PointerEvent, type RefObject, useRef } from "react";

/** Pixels that the sheet is dragged down until letting go closes it. */
const FAR_ENOUGH = 96;

/** Handlers for the head of a sheet: dragged down, it closes. */
export function useDragToClose(sheet: RefObject<HTMLElement | null>, onClose: () => void) {
  const startY = useRef<number | null>(null);

  function distance(event: PointerEvent): number {
    return startY.current === null ? 0 : Math.max(0, event.clientY - startY.current);
  }

  function place(pixels: number) {
    sheet.current?.style.setProperty("--dragged", `${pixels}px`);
  }

  function end() {
    startY.current = null;
    place(0);
    sheet.current?.classList.remove("is-dragged");
  }

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if ((event.target as HTMLElement).closest("button, ul") !== null) return;
      startY.current = event.clientY;
      event.currentTarget.setPointerCapture(event.pointerId);
      sheet.current?.classList.add("is-dragged");
    },
    onPointerMove(event: PointerEvent) {
      if (startY.current !== null) place(distance(event));
    },
    onPointerUp(event: PointerEvent) {
      const isFar = distance(event) > FAR_ENOUGH;
      end();
      if (isFar) onClose();
    },
    onPointerCancel: end,
  };
}
