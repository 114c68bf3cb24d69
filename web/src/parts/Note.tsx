import type { ReactNode } from "react";

import { Icon, type IconName } from "../look/Icon";

interface NoteProps {
  /** closed: ink; offline: basted; others: tape; wrong: red. */
  kind: "closed" | "offline" | "others" | "wrong";
  icon: IconName;
  title: string;
  children?: ReactNode;
}

const CLASSES = {
  closed: "note",
  offline: "note basted-line",
  others: "note from-others",
  wrong: "note error-summary",
} as const;

/** News that hangs from its line; never a tinted box. */
export function Note({ kind, icon, title, children }: NoteProps) {
  return (
    <div className={CLASSES[kind]}>
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <div className="note-body">{children}</div>}
    </div>
  );
}
