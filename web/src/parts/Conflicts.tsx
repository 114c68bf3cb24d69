import "../look/components/conflicts.css";

import { useId, useState } from "react";

import { usePerson } from "../identity/IdentityContext";
import { Icon } from "../look/Icon";
import type { Json, JsonObject } from "../session/json";
import { withValue } from "../session/paths";
import { useSession } from "../session/SessionContext";
import type { Conflict } from "../session/types";
import type { Stage } from "../stages/stages";
import { useTexts } from "../texts";
import { clockTime } from "../texts/format";
import { placeName, valueWords } from "../texts/places";
import { comparedWords, type Piece } from "../texts/words";
import { AlsoChanged } from "./AlsoChanged";
import { type Author, authorsOf, firstName, useNewestActions } from "./authors";
import { Words } from "./Words";

type Choice = "mine" | "theirs";

/** The fields of a stage that two people changed, each with both values to choose from. */
export default function Conflicts({ stage }: { stage: Stage }) {
  const { states } = useTexts();
  const { conflicts, resolve, session } = useSession();
  const heading = useId();
  const here = conflicts.filter((conflict) => conflict.stage === stage);
  const actions = useNewestActions();
  const authors = authorsOf(here, actions);
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({});
  const choiceOf = ({ pointer }: Conflict) => choices[pointer] ?? "mine";
  const people = useNames(here.map(({ pointer }) => authors[pointer]));
  const [name = null] = people.length === 1 ? people : [];

  function keep(choose: (conflict: Conflict) => Choice) {
    for (const conflict of here) resolve(conflict, choose(conflict));
  }

  return (
    <section className="conflicts" aria-labelledby={heading}>
      <div className="note from-others">
        <Icon name="people" />
        <h2 id={heading}>{states.conflict(name, here.length)}</h2>
        {here.length === 1 ? (
          <p className="note-body secondary">{states.conflictLeadOne}</p>
        ) : (
          <p className="note-body secondary">
            {states.conflictLead}
            <button type="button" className="text-button tight" onClick={() => keep(() => "mine")}>
              {states.keepMine}
            </button>
            {states.or}
            <button
              type="button"
              className="text-button tight"
              onClick={() => keep(() => "theirs")}
            >
              {states.takeTheirs(name)}
            </button>
            {states.end}
          </p>
        )}
      </div>
      {here.map((conflict) => (
        <Versions
          key={conflict.pointer}
          conflict={conflict}
          author={authors[conflict.pointer]}
          choice={choiceOf(conflict)}
          onChoose={(choice) => setChoices({ ...choices, [conflict.pointer]: choice })}
        />
      ))}
      <div className="acts">
        <button type="button" className="button" onClick={() => keep(choiceOf)}>
          {states.keep(here.length)}
        </button>
        <p className="small secondary">
          {here.some((conflict) => choiceOf(conflict) === "mine")
            ? states.goesOut((session?.revision ?? 0) + 1)
            : states.nothingGoesOut}
        </p>
      </div>
      <AlsoChanged conflicts={here} actions={actions} />
    </section>
  );
}

interface VersionsProps {
  conflict: Conflict;
  author: Author | undefined;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

function Versions({ conflict, author, choice, onChoose }: VersionsProps) {
  const texts = useTexts();
  const { states, language } = texts;
  const { data, session } = useSession();
  const { stage, clash, changedAt } = conflict;
  const { path } = clash.entry;
  const shown = data(stage) as JsonObject;
  const saved = (session?.stages[stage].data ?? {}) as JsonObject;
  const currency = data("ticketSetup").currency || "usd";
  const words = (value: Json | undefined) => valueWords(texts, stage, path, value, currency) ?? "";
  const [mine, theirs] = comparedWords(words(clash.entry.value), words(clash.theirs));
  const { field, owner, isOfElement } = placeName(
    texts,
    stage,
    path,
    shown,
    saved,
    // An element that another person removed is in neither.
    withValue({}, path, clash.entry.value),
  );
  const isTitle = stage === "eventSetup" && path === "/title";
  const [who = null] = useNames([author]);
  const when =
    author === undefined
      ? states.theirsSavedNow
      : states.theirsSaved(clockTime(author.at, language));
  const common = { choice, onChoose, name: useId(), isTitle };
  return (
    <fieldset className="conflict">
      <legend className="field-label">
        {isOfElement ? texts.history.fieldsOf(owner, texts.history.withinSentence(field)) : field}
      </legend>
      <div className="versus">
        <Version
          {...common}
          is="mine"
          by={states.yours}
          when={states.yoursSince(clockTime(changedAt, language))}
          pieces={mine}
        />
        <Version {...common} is="theirs" by={states.theirs(who)} when={when} pieces={theirs} />
      </div>
    </fieldset>
  );
}

interface VersionProps {
  is: Choice;
  choice: Choice;
  onChoose: (choice: Choice) => void;
  /** Of the group of radio buttons. */
  name: string;
  by: string;
  when: string;
  pieces: readonly Piece[];
  isTitle: boolean;
}

function Version({ is, choice, onChoose, name, by, when, pieces, isTitle }: VersionProps) {
  const { values } = useTexts();
  return (
    <label className="version">
      <input type="radio" name={name} checked={choice === is} onChange={() => onChoose(is)} />
      <span className="version-by small">
        {by} <span className="secondary">{when}</span>
      </span>
      <span className={isTitle ? "version-value display" : "version-value"}>
        {pieces.length === 0 ? (
          <span className="tertiary">{values.empty}</span>
        ) : (
          <Words pieces={pieces} as="mark" />
        )}
      </span>
    </label>
  );
}

/**
 * How the authors are called, each once: by the first name. Null stands for one who is not known,
 * and for the person at another device.
 */
function useNames(authors: readonly (Author | undefined)[]): (string | null)[] {
  const { userId } = usePerson();
  const nameOf = (author: Author | undefined) =>
    author === undefined || author.userId === userId ? null : firstName(author.name);
  return [...new Set(authors.map(nameOf))];
}
