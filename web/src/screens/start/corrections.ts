/** What a person changes in what was understood. It stays as it is when the sentence changes. */

import type { Json } from "../../session/json";

export interface Corrections {
  /** The chosen option of each answered question, by the question's key. */
  readonly answers: Readonly<Record<string, string>>;
  /** The person's own values, by the key of the field. */
  readonly changes: Readonly<Record<string, Json>>;
  /** The ids of rows that the event does not begin with. */
  readonly leftOut: readonly string[];
}

export const NO_CORRECTIONS: Corrections = { answers: {}, changes: {}, leftOut: [] };

export function answered(kept: Corrections, question: string, option: string): Corrections {
  return { ...kept, answers: { ...kept.answers, [question]: option } };
}

/** Without the answer of a question: it is asked again. */
export function unanswered(kept: Corrections, question: string): Corrections {
  const { [question]: _forgotten, ...answers } = kept.answers;
  return { ...kept, answers };
}

export function changed(kept: Corrections, key: string, value: Json): Corrections {
  return { ...kept, changes: { ...kept.changes, [key]: value } };
}

/** Several of the person's own values. */
export function allChanged(kept: Corrections, values: readonly (readonly [string, Json])[]) {
  return values.reduce((changes, [key, value]) => changed(changes, key, value), kept);
}

export function withLeftOut(kept: Corrections, row: string): Corrections {
  return { ...kept, leftOut: [...kept.leftOut.filter((other) => other !== row), row] };
}

export function withPutBack(kept: Corrections, row: string): Corrections {
  return { ...kept, leftOut: kept.leftOut.filter((other) => other !== row) };
}
