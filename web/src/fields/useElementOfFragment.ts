import { useEffect, useRef } from "react";

import { onNavigation } from "../app/router";

/**
 * A link into a field of an element that is closed, such as `#field-tiers-2-quantity`, opens the
 * element. `list` is the id of the list, such as `field-tiers`.
 */
export function useElementOfFragment(list: string, open: (index: number) => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const openNamed = () => {
      const index = new RegExp(`^#${list}-(\\d+)-`).exec(location.hash)?.[1];
      if (index !== undefined) latest.current(Number(index));
    };
    openNamed();
    return onNavigation(openNamed);
  }, [list]);
}
