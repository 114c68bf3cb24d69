import { type MouseEvent, useEffect, useState } from "react";

import { unwrap } from "../../api/client";
import { type CopilotSuggestion, getCopilot } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { isSame, type Json, type JsonObject } from "../../session/json";
import { type Path, partsOf, valueAt, withValue } from "../../session/paths";
import { pathOfPointer } from "../../session/pointers";
import { useSession } from "../../session/SessionContext";
import type { Drafts, Stage } from "../../stages/stages";
import { useTexts } from "../../texts";
import { ownZone } from "../../texts/zones";
import { Answer } from "./Answer";
import { keepFocus } from "./Changes";
import { useFieldWords } from "./useFieldWords";

interface SuggestionsProps {
  stage: Stage;
  /** The answer, which lists values of some fields with their reasons. */
  text: string;
  onLeave: () => void;
}

/**
 * Values for the fields that an answer names, in place of its own list. Each is a proposal until the
 * person uses it.
 */
export function Suggestions({ stage, text, onLeave }: SuggestionsProps) {
  const { assistant } = useTexts();
  const { data } = useSession();
  const suggestions = namedIn(text, useSuggestions(stage));
  const pathOf = ({ pointer }: CopilotSuggestion) =>
    pathOfPointer(data(stage) as JsonObject, pointer);
  if (suggestions.length === 0) return <Answer text={text} onLeave={onLeave} />;
  return (
    <>
      <Answer text={text} onLeave={onLeave} withLists={false} />
      <ul className="changes" aria-label={assistant.suggestions}>
        {suggestions.map((suggestion) => (
          <SuggestionRow
            key={`${suggestion.pointer} ${JSON.stringify(suggestion.value)}`}
            suggestion={suggestion}
            path={pathOf(suggestion)}
          />
        ))}
      </ul>
    </>
  );
}

/** The suggestions for each field of which an answer gives the reason of one. */
function namedIn(
  text: string,
  suggestions: readonly CopilotSuggestion[],
): readonly CopilotSuggestion[] {
  const named = suggestions.filter((one) => one.text !== "" && text.includes(one.text));
  const pointers = new Set(named.map(({ pointer }) => pointer));
  return suggestions.filter(({ pointer }) => pointers.has(pointer));
}

/** They are read once: later they would leave out what has been used. The answer lists them, too. */
function useSuggestions(stage: Stage): readonly CopilotSuggestion[] {
  const { sessionId } = useSession();
  const { language } = useTexts();
  const [suggestions, setSuggestions] = useState<readonly CopilotSuggestion[]>([]);

  useEffect(() => {
    let isShown = true;
    const query = { stage, locale: language, timezone: ownZone() };
    unwrap(getCopilot({ path: { session_id: sessionId }, query })).then(
      (situation) => isShown && setSuggestions(situation.suggestions),
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [sessionId, stage, language]);

  return suggestions;
}

function SuggestionRow({ suggestion, path }: { suggestion: CopilotSuggestion; path: Path }) {
  const { assistant } = useTexts();
  const { data, change } = useSession();
  const { stage, text } = suggestion;
  const value = suggestion.value as Json;
  const shown = data(stage) as JsonObject;
  const { name, wordsOf } = useFieldWords()(stage, path);
  const isUsed = value !== null && isSame(valueAt(shown, path), value);

  function use(event: MouseEvent<HTMLButtonElement>) {
    keepFocus(event);
    const [first = ""] = partsOf(path);
    change(stage, { [first]: withValue(shown, path, value)[first] } as Partial<Drafts[Stage]>);
  }

  return (
    <li tabIndex={-1}>
      {isUsed ? <Icon name="tick" small /> : <i aria-hidden="true" />}
      <span>
        <b>{name}</b> {value !== null && <Proposed value={wordsOf(value)} isUsed={isUsed} />}
        <span className="small secondary block">{text}</span>
      </span>
      {isUsed && <span className="small tertiary">{assistant.used}</span>}
      {value !== null && !isUsed && (
        <button
          type="button"
          className="button line"
          aria-label={assistant.chooseFor(name)}
          onClick={use}
        >
          {assistant.use}
        </button>
      )}
    </li>
  );
}

function Proposed({ value, isUsed }: { value: string | null; isUsed: boolean }) {
  return isUsed ? value : <span className="basted">{value}</span>;
}
