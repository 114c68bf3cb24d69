import { type RefObject, useEffect, useRef } from "react";

import { isFocusLost } from "../fields/isFocusLost";

type Heading = RefObject<HTMLHeadingElement | null>;

const WITHOUT_SCROLLING = { preventScroll: true };

let isFirstPage = true;

/**
 * The heading of a page, which takes the focus when another page has led to it: the link or button
 * that was pressed is gone, and a screen reader would say nothing. On the first page the focus stays
 * at the top, and in a panel that stays it is kept. A fragment that names a field comes before.
 */
export function useHeadingFocus({ namesField = () => location.hash !== "" } = {}): Heading {
  const heading = useRef<HTMLHeadingElement>(null);
  const isNamed = useRef(namesField);
  useEffect(() => {
    if (!isFirstPage && isFocusLost() && !isNamed.current())
      heading.current?.focus(WITHOUT_SCROLLING);
    isFirstPage = false;
  }, []);
  return heading;
}
