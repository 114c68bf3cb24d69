import type { ReactNode } from "react";

import { Icon } from "../look/Icon";
import { useIsLater } from "../parts/useIsLater";

interface MoreProps {
  label: string;
  /** What is inside, in a few words. */
  summary?: string;
  children: ReactNode;
}

/** Fields that most events do not need. */
export function More({ label, summary, children }: MoreProps) {
  // It is closed at first.
  const isRendered = useIsLater();
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
