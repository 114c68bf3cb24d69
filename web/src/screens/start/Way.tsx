import type { ReactNode } from "react";

import { Icon } from "../../look/Icon";

interface WayProps {
  name: string;
  sentence: string;
  onClick: () => void;
  /** Given if a click opens more to choose from. */
  isOpen?: boolean;
  children?: ReactNode;
}

/** A row that begins an event, or opens what it may begin with. */
export function Way({ name, sentence, onClick, isOpen, children }: WayProps) {
  return (
    <li>
      <button type="button" className="way" onClick={onClick} aria-expanded={isOpen}>
        <b>{name}</b>
        <span>{sentence}</span>
        <Icon name={isOpen === undefined ? "right" : "chevron"} />
      </button>
      {children}
    </li>
  );
}
