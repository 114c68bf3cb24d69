import { type MouseEvent, useEffect, useState } from "react";

import { unwrap } from "../../api/client";
import { type CopilotSuggestion, getCopilot } from "../../api/generated";
import { Icon } from "../../look/Icon";
import { isSame, type Json, type JsonObject } from "../../session/json";
import { partsOf, valueAt, withValue } from "../../session/paths";
import { pathOfPointer } from "../../session/pointers";
import { useSession } from "../../session/SessionContext";
import type { Drafts, Stage } from "../../stages/stages";
import { useTexts } from "../../texts";
import { ownZone } from "../../texts/zones";
import { keepFocus } from "./Changes";
import { useFieldWords } from "./useFieldWords";

/** Values for fields of a stage. Each is a proposal until the person uses it. */
export function Suggestions({ stage }: { stage: Stage }) {
  const { assistant } = useTexts();
  const { suggestions, hasFailed } = useSuggestions(stage);
  if (hasFailed) return <p className="small secondary">{assistant.noSuggestions}</p>;
  if (suggestions.length === 0) return null;
  return (
    <ul className="changes" aria-label={assistant.suggestions}>
      {suggestions.map((suggestion) => (
        <SuggestionRow
          key={`${suggestion.pointer} ${JSON.stringify(suggestion.value)}`}
          suggestion={suggestion}
        />
      ))}
    </ul>
  );
}

/** They are read once: later they would leave out what has been used. */
function useSuggestions(stage: Stage) {
  const { sessionId } = useSession();
  const { language } = useTexts();
  const [suggestions, setSuggestions] = useState<readonly CopilotSuggestion[]>([]);
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    let isShown = true;
    const query = { stage, locale: language, timezone: ownZone() };
    unwrap(getCopilot({ path: { session_id: sessionId }, query })).then(
      (situation) => isShown && setSuggestions(situation.suggestions),
      () => isShown && setFailed(true),
    );
    return () => {
      isShown = false;
    };
  }, [sessionId, stage, language]);

  return { suggestions, hasFailed };
}

function SuggestionRow({ suggestion }: { suggestion: CopilotSuggestion }) {
  const { assistant } = useTexts();
  const { data, change } = useSession();
  const { stage, pointer, text } = suggestion;
  const value = suggestion.value as Json;
  const shown = data(stage) as JsonObject;
  const path = pathOfPointer(shown, pointer);
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
        <span className="small secondary block" lang="en">
          {text}
        </span>
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
