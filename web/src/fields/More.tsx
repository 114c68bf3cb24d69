import { type ReactNode, useDeferredValue } from "react";

import { Icon } from "../look/Icon";

interface MoreProps {
  label: string;
  /** What is inside, in a few words. */
  summary?: string;
  children: ReactNode;
}

/** Fields that most events do not need. */
export function More({ label, summary, children }: MoreProps) {
  // It is closed at first, and comes after what is seen.
  const isRendered = useDeferredValue(true, false);
  return (
    <details className="more">
      <summary>
        <Icon name="chevron" small />
        {label}
        {summary !== undefined && summary !== "" && <span className="small about">{summary}</span>}
      </summary>
      <div className="form">{isRendered && children}</div>
    </details>
  );
}
