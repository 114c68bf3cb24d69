import "../../look/components/understood.css";

import { type Ref, useImperativeHandle } from "react";

import type { InitialSections } from "../../api/generated";
import { enterControl } from "../../parts/enterControl";
import { LoadingLines } from "../../parts/LoadingLines";
import { isSame } from "../../session/json";
import { useTexts } from "../../texts";
import { SessionTextsProvider } from "../../texts/SessionTextsProvider";
import type { Corrections } from "./corrections";
import { keptValues, openQuestions, questionKey, type Row, rowsOf, sectionsOf } from "./rows";
import { UnderstoodRow } from "./UnderstoodRow";
import type { SentenceReading, Understanding } from "./understanding";
import { BEGIN, rowElement, useRowActions } from "./useRowActions";
import { useSentenceReading } from "./useSentenceReading";

/** What the page does with the list from outside. */
export interface UnderstoodHandle {
  /**
   * Begins with the list, or leads to the question that is open. Reads the sentence first if the list
   * is not that of its words.
   */
  enter: () => void;
}

interface UnderstoodProps {
  sentence: string;
  corrections: Corrections;
  onCorrect: (change: (corrections: Corrections) => Corrections) => void;
  /** Null if the event is not being begun by this list. */
  beginning: { hasFailed: boolean } | null;
  onBegin: (sections: InitialSections) => void;
  ref: Ref<UnderstoodHandle>;
}

const NOTHING: Understanding = { facts: [], questions: [], unused: "" };

/** The list of what was understood, with its own texts. A file of its own: it is not needed at once. */
export default function Understood(props: UnderstoodProps) {
  return (
    <SessionTextsProvider>
      <UnderstoodList {...props} />
    </SessionTextsProvider>
  );
}

function UnderstoodList(props: UnderstoodProps) {
  const { sentence, corrections, onCorrect, beginning, onBegin, ref } = props;
  const { start, understood } = useTexts();
  const { reading, isCurrent, read } = useSentenceReading(sentence);
  const rowsWith = (correct: (kept: Corrections) => Corrections) =>
    rowsOf(reading?.understanding ?? NOTHING, correct(corrections));
  const rows = rowsWith((kept) => kept);
  const open = openQuestions(rows);
  const actions = useRowActions(rowsWith, onCorrect);

  async function enter() {
    if (sentence === "" || isCurrent) return begin(rows);
    const next = await read();
    if (next === null) return;
    const found = rowsOf(next.understanding, corrections);
    // What the person has not seen yet is shown first.
    if (isSame(found, rows)) begin(found);
  }

  function begin(shown: readonly Row[]) {
    const [question] = openQuestions(shown);
    if (question !== undefined) enterControl(rowElement(questionKey(question), "options"));
    else if (shown.length > 0) onBegin(sectionsOf(shown));
  }

  useImperativeHandle(ref, () => ({ enter }));

  if (sentence === "" && rows.length === 0) return null;
  return (
    <section
      className="understood"
      aria-labelledby="understood"
      aria-busy={sentence !== "" && !isCurrent}
    >
      <div className="section-heading mt-0">
        <h2 className="heading-2" id="understood">
          {understood.heading}
        </h2>
        <span className="secondary small numeric" role="status">
          {rows.length > 0 && understood.count(keptValues(rows).length, open.length)}
        </span>
      </div>
      {rows.length > 0 && (
        <ul className="list">
          {rows.map((row) => (
            <UnderstoodRow
              key={row.id}
              row={row}
              sentence={reading?.sentence ?? ""}
              actions={actions}
            />
          ))}
        </ul>
      )}
      {reading === null ? (
        rows.length === 0 && <LoadingLines label={understood.reading} />
      ) : (
        <AboutReading reading={reading} onRetry={read} />
      )}
      {rows.length > 0 && (
        <div className="acts mt-5">
          <button
            type="button"
            className="button"
            id={BEGIN}
            disabled={open.length > 0}
            aria-describedby={open.length > 0 ? "open-questions" : undefined}
            onClick={enter}
          >
            {beginning?.hasFailed === false ? start.beginning : understood.begin}
          </button>
          {open.length > 0 && (
            <p className="small secondary" id="open-questions">
              {understood.isOpen(open.map(({ code }) => understood.subjects[code]))}
            </p>
          )}
          <div role="alert">
            {beginning?.hasFailed && <p className="field-error">{start.failed}</p>}
          </div>
        </div>
      )}
    </section>
  );
}

interface AboutReadingProps {
  reading: SentenceReading;
  onRetry: () => void;
}

/** What was not used, or that the sentence was not read. */
function AboutReading({ reading, onRetry }: AboutReadingProps) {
  const { myEvents, understood } = useTexts();
  const { understanding, hasFailed } = reading;
  const isEmpty = understanding.facts.length + understanding.questions.length === 0;
  if (hasFailed)
    return (
      <p className="small secondary mt-3" role="status">
        {isEmpty ? understood.failedLong : understood.failed}{" "}
        <button type="button" className="text-button tight" onClick={onRetry}>
          {myEvents.tryAgain}
        </button>
      </p>
    );
  if (isEmpty) return <p className="small secondary mt-3">{understood.nothing}</p>;
  if (understanding.unused === "") return null;
  return <p className="small secondary mt-3">{understood.unused(understanding.unused)}</p>;
}
