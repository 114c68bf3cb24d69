import { useRef } from "react";

import { useWizard } from "../../api/wizard";
import { useEscape } from "../../fields/useEscape";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import { RowEditor } from "./RowEditor";
import { optionKey, type QuestionRow, type Row, type ValueRow } from "./rows";
import { optionsInWords, questionWords, rowAssumptions, rowLabel, rowWords } from "./rowWords";
import { type RowActions, rowElement } from "./useRowActions";

interface UnderstoodRowProps {
  row: Row;
  /** Which the row was read from. */
  sentence: string;
  actions: RowActions;
}

/** A row of the list: values, a question, or what was left out, with the way back. */
export function UnderstoodRow({ row, sentence, actions }: UnderstoodRowProps) {
  if (row.isLeftOut) return <LeftOut row={row} actions={actions} />;
  if (row.kind === "question")
    return <QuestionOfRow row={row} sentence={sentence} actions={actions} />;
  if (actions.openRow === row.id) return <OpenRow row={row} actions={actions} />;
  return <Values row={row} actions={actions} />;
}

interface RowProps<Shown extends Row = Row> {
  row: Shown;
  actions: RowActions;
}

function Values({ row, actions }: RowProps<ValueRow>) {
  const texts = useTexts();
  const { fields, tickets, understood } = texts;
  const currency = useWizard()?.default_currency ?? "usd";
  const label = rowLabel(texts, row);
  const { main, beside } = rowWords(texts, row, currency);
  const assumptions = rowAssumptions(texts, row);
  return (
    <li className="understood-row">
      <span className="row-label">{label}</span>
      <span className="row-value">
        <span className="basted">
          {main ?? fields.notChosen}
          {beside.map((part) => (
            <span className="tertiary" key={part}>{`\u00a0· ${part}`}</span>
          ))}
        </span>
        {assumptions.length > 0 && (
          <span className="small tertiary assumed"> {understood.assumed(assumptions)}</span>
        )}
      </span>
      <span className="row-acts">
        <button
          type="button"
          className="text-button small"
          id={rowElement(row.id, "change")}
          aria-label={understood.change(label)}
          onClick={() => actions.open(row)}
        >
          {tickets.change}
        </button>
        <LeaveOutButton row={row} actions={actions} />
      </span>
    </li>
  );
}

function LeaveOutButton({ row, actions }: RowProps) {
  const texts = useTexts();
  return (
    <button
      type="button"
      className="tool"
      aria-label={texts.understood.leaveOutOf(rowLabel(texts, row))}
      onClick={() => actions.leaveOut(row)}
    >
      <Icon name="cross" small />
    </button>
  );
}

function OpenRow({ row, actions }: RowProps<ValueRow>) {
  const texts = useTexts();
  const { tickets, understood } = texts;
  const editor = useRef<HTMLFormElement>(null);
  useEscape(editor, () => actions.close(row));
  const asked = row.fields.find(({ question }) => question !== null)?.question ?? null;
  return (
    <li className="understood-row">
      <form
        className="row-editor"
        ref={editor}
        aria-label={understood.change(rowLabel(texts, row))}
        id={rowElement(row.id, "editor")}
        onSubmit={(event) => {
          event.preventDefault();
          actions.close(row);
        }}
      >
        <RowEditor row={row} onChange={actions.change} />
        <div className="acts">
          <button type="submit" className="button line">
            {tickets.done}
          </button>
          {asked !== null && (
            <button type="button" className="text-button" onClick={() => actions.askAgain(asked)}>
              {understood.askAgain}
            </button>
          )}
          <button type="button" className="text-button" onClick={() => actions.leaveOut(row)}>
            {understood.leaveOut}
          </button>
        </div>
      </form>
    </li>
  );
}

function QuestionOfRow({ row, sentence, actions }: RowProps<QuestionRow> & { sentence: string }) {
  const texts = useTexts();
  const { understood } = texts;
  const { question } = row;
  const words = optionsInWords(texts, question);
  return (
    <li className="understood-row question notch">
      <span className="row-label">{rowLabel(texts, row)}</span>
      <div className="row-value">
        <b>{questionWords(texts, question, sentence)}</b>
        <span className="row-options" id={rowElement(row.id, "options")}>
          {question.options.map((option, index) => (
            <button
              type="button"
              className="button line"
              key={optionKey(option)}
              onClick={() => actions.answer(question, option)}
            >
              {words[index]}
            </button>
          ))}
          <button
            type="button"
            className="text-button small"
            aria-label={understood.leaveOutOf(rowLabel(texts, row))}
            onClick={() => actions.leaveOut(row)}
          >
            {understood.leaveOut}
          </button>
        </span>
      </div>
    </li>
  );
}

function LeftOut({ row, actions }: RowProps) {
  const texts = useTexts();
  const { understood } = texts;
  const label = rowLabel(texts, row);
  return (
    <li className="understood-row">
      <span className="row-label">{label}</span>
      <span className="row-value left-out">{understood.isLeftOut}</span>
      <span className="row-acts">
        <button
          type="button"
          className="text-button small"
          id={rowElement(row.id, "put-back")}
          aria-label={understood.putBackOf(label)}
          onClick={() => actions.putBack(row)}
        >
          {understood.putBack}
        </button>
      </span>
    </li>
  );
}
