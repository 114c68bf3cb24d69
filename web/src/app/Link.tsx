import type { AnchorHTMLAttributes, MouseEvent } from "react";

import { navigate } from "./router";

/** A link to a page of the wizard. With a modifier key it is an ordinary link. */
export function Link({
  href,
  onClick,
  ...attributes
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain || attributes.target !== undefined) return;
    event.preventDefault();
    navigate(href);
  }
  return <a {...attributes} href={href} onClick={follow} />;
}
