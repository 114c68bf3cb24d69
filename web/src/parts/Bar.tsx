import type { ReactNode } from "react";

import { Link } from "../app/Link";
import { paths } from "../app/router";
import { useTexts } from "../texts";

/** The mark: a square of tape with three ticks. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 22 22" aria-hidden="true">
      <rect x=".75" y=".75" width="20.5" height="20.5" />
      <path d="M6 1.5v7.5M11 1.5v4.5M16 1.5v7.5" />
    </svg>
  );
}

/** The one row at the top of each page. `title` is the event's; `children` stand at its right. */
export function Bar({ title, children }: { title?: string; children?: ReactNode }) {
  const { common } = useTexts();
  return (
    <header className="bar">
      <Link className="home" href={paths.myEvents} aria-label={common.home}>
        <Mark />
        <span>{common.product}</span>
      </Link>
      {title !== undefined && <p className="bar-title show">{title}</p>}
      <div className="end">{children}</div>
    </header>
  );
}
