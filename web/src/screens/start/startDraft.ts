/** What a person has typed to begin an event. It is kept in the tab until the event is begun. */

import { useEffect, useState } from "react";

import { type Corrections, NO_CORRECTIONS } from "./corrections";

export interface StartDraft {
  sentence: string;
  corrections: Corrections;
}

const EMPTY: StartDraft = { sentence: "", corrections: NO_CORRECTIONS };

export function useStartDraft(person: string) {
  const [draft, setDraft] = useState(() => keptDraft(person));
  useEffect(() => keepDraft(person, draft), [person, draft]);
  return [draft, setDraft] as const;
}

export function forgetDraft(person: string): void {
  sessionStorage.removeItem(keyOf(person));
}

function keepDraft(person: string, draft: StartDraft): void {
  sessionStorage.setItem(keyOf(person), JSON.stringify(draft));
}

function keptDraft(person: string): StartDraft {
  const kept = sessionStorage.getItem(keyOf(person));
  return kept === null ? EMPTY : { ...EMPTY, ...JSON.parse(kept) };
}

function keyOf(person: string): string {
  return `start ${person}`;
}
