import { Children, type CSSProperties, type MouseEvent, type ReactNode, useId } from "react";

import { Icon } from "../look/Icon";

interface MenuProps {
  /** What the menu is for: the name of the list, and of a button without words. */
  label: string;
  /** The words of the button; without them it is the sign for "more". */
  button?: ReactNode;
  /** Links and buttons, one per row. */
  children: ReactNode;
}

/**
 * A button that opens a list of actions beside it. A native popover: Escape and a click elsewhere
 * close it, and the focus returns to the button.
 */
export function Menu({ label, button, children }: MenuProps) {
  const id = useId();
  const anchor = `--${id}`;
  return (
    <>
      <button
        type="button"
        className="tool"
        aria-label={button === undefined ? label : undefined}
        popoverTarget={id}
        style={{ anchorName: anchor } as CSSProperties}
      >
        {button}
        {button === undefined ? <Icon name="more" /> : <Icon name="chevron" small />}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button of the list is a click */}
      <ul
        id={id}
        popover="auto"
        className="menu"
        aria-label={label}
        style={{ positionAnchor: anchor } as CSSProperties}
        onClick={closeAfterChoice}
      >
        {Children.map(children, (child) => child && <li>{child}</li>)}
      </ul>
    </>
  );
}

function closeAfterChoice({ target, currentTarget }: MouseEvent<HTMLUListElement>): void {
  if (target !== currentTarget) currentTarget.hidePopover();
}
