import { useState } from "react";

import { useWizard } from "../../api/wizard";
import type { Json } from "../../session/json";
import {
  allChanged,
  answered,
  type Corrections,
  changed,
  unanswered,
  withLeftOut,
  withPutBack,
} from "./corrections";
import {
  answersQuestion,
  CURRENCY,
  optionKey,
  questionKey,
  type Row,
  type ValueRow,
  withCurrency,
} from "./rows";
import { currencyOf } from "./rowWords";
import type { Option, Question } from "./understanding";
import { useFocusOn } from "./useFocusOn";

type Correct = (corrections: Corrections) => Corrections;

export const BEGIN = "begin-with-these";

/** The id of an element of a row. */
export function rowElement(rowId: string, name: "change" | "editor" | "options" | "put-back") {
  return `${name} ${rowId}`.replaceAll(/\s/g, "-");
}

/**
 * What a person does with the rows. The focus stays in its place, although the control that was used
 * may be gone. `rowsWith` gives the rows as they are after a correction.
 */
export function useRowActions(
  rowsWith: (correct: Correct) => readonly Row[],
  onCorrect: (correct: Correct) => void,
) {
  const [openRow, setOpenRow] = useState<string | null>(null);
  const focusOn = useFocusOn();
  const defaultCurrency = useWizard()?.default_currency ?? "usd";

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
    change(key: string, value: Json) {
      if (key === CURRENCY && typeof value === "string") {
        const before = (row: ValueRow) => currencyOf(row, defaultCurrency);
        const changes = withCurrency(
          rowsWith((kept) => kept),
          value,
          before,
        );
        onCorrect((kept) => allChanged(kept, changes));
      } else onCorrect((kept) => changed(kept, key, value));
    },
    leaveOut(row: Row) {
      setOpenRow(null);
      onCorrect((kept) => withLeftOut(kept, row.id));
      focusOn(rowElement(row.id, "put-back"));
    },
    putBack(row: Row) {
      onCorrect((kept) => withPutBack(kept, row.id));
      focusOn(rowElement(row.id, row.kind === "question" ? "options" : "change"));
    },
    answer(question: Question, option: Option) {
      const key = questionKey(question);
      const correct: Correct = (kept) => answered(kept, key, optionKey(option));
      const row = rowsWith(correct).find((one) => answersQuestion(one, key));
      onCorrect(correct);
      focusOn(row === undefined ? BEGIN : rowElement(row.id, "change"));
    },
    askAgain(question: string) {
      setOpenRow(null);
      onCorrect((kept) => unanswered(kept, question));
      focusOn(rowElement(question, "options"));
    },
  };
}

export type RowActions = ReturnType<typeof useRowActions>;
