import { type RefObject, useEffect, useRef } from "react";

let isFirstPage = true;

/**
 * The heading of a page, which takes the focus when another page has led to it: the link or button
 * that was pressed is gone, and a screen reader would say nothing. On the first page the focus stays
 * at the top, and a fragment that names a field comes before.
 */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirstPage && location.hash === "") heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return heading;
}
