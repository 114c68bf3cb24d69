import { useState } from "react";

import type { Json } from "../../session/json";
import {
  answered,
  type Corrections,
  changed,
  unanswered,
  withLeftOut,
  withPutBack,
} from "./corrections";
import { openQuestions, optionKey, questionKey, type Row } from "./rows";
import type { Option, Question } from "./understanding";
import { useFocusOn } from "./useFocusOn";

export const BEGIN = "begin-with-these";

/** The id of an element of a row. */
export function rowElement(rowId: string, name: "change" | "editor" | "options" | "put-back") {
  return `${name} ${rowId}`.replaceAll(/\s/g, "-");
}

/** What a person does with the rows. The focus follows: a control that was used may be gone. */
export function useRowActions(
  rows: readonly Row[],
  correct: (change: (corrections: Corrections) => Corrections) => void,
) {
  const [openRow, setOpenRow] = useState<string | null>(null);
  const focusOn = useFocusOn();

  function focusOnNext(answered: string) {
    const next = openQuestions(rows)
      .map(questionKey)
      .find((key) => key !== answered);
    focusOn(next === undefined ? BEGIN : rowElement(next, "options"));
  }

  return {
    openRow,
    open(row: Row) {
      setOpenRow(row.id);
      focusOn(rowElement(row.id, "editor"));
    },
    close(row: Row) {
      setOpenRow(null);
      focusOn(rowElement(row.id, "change"));
    },
    change: (key: string, value: Json) => correct((kept) => changed(kept, key, value)),
    leaveOut(row: Row) {
      setOpenRow(null);
      correct((kept) => withLeftOut(kept, row.id));
      focusOn(rowElement(row.id, "put-back"));
    },
    putBack(row: Row) {
      correct((kept) => withPutBack(kept, row.id));
      focusOn(rowElement(row.id, row.kind === "question" ? "options" : "change"));
    },
    answer(question: Question, option: Option) {
      const key = questionKey(question);
      correct((kept) => answered(kept, key, optionKey(option)));
      focusOnNext(key);
    },
    askAgain(question: string) {
      setOpenRow(null);
      correct((kept) => unanswered(kept, question));
      focusOn(rowElement(question, "options"));
    },
  };
}

export type RowActions = ReturnType<typeof useRowActions>;
