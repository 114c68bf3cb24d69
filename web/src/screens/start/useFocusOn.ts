import { useEffect, useRef } from "react";

import { enterControl } from "../../parts/enterControl";

/** Focuses an element, or its first control, once it is rendered: what had the focus has gone. */
export function useFocusOn(): (id: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current !== null) enterControl(wanted.current);
    wanted.current = null;
  });
  return (id) => {
    wanted.current = id;
  };
}
