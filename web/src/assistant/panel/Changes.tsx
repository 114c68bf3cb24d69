import type { MouseEvent } from "react";

import { Icon } from "../../look/Icon";
import { isAbsent, isSame, type JsonObject } from "../../session/json";
import { valueAt } from "../../session/paths";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import type { AssistantTurn, Did, Kept } from "../types";
import { useFieldWords } from "./useFieldWords";

interface ChangesProps extends Pick<AssistantTurn, "did" | "kept"> {
  onUndo: (did: Did) => void;
  onUse: (kept: Kept) => void;
}

/** What the assistant did, each with undo, and what it left to the person. */
export function Changes({ did, kept, onUndo, onUse }: ChangesProps) {
  if (did.length + kept.length === 0) return null;
  return (
    <ul className="changes">
      {did.map((one) => (
        <DidRow key={`${one.callId} ${one.stage}${one.pointer}`} did={one} onUndo={onUndo} />
      ))}
      {kept.map((one) => (
        <KeptRow key={`${one.callId} ${one.stage}${one.pointer}`} kept={one} onUse={onUse} />
      ))}
    </ul>
  );
}

function DidRow({ did, onUndo }: { did: Did; onUndo: (did: Did) => void }) {
  const { assistant } = useTexts();
  const words = useFieldWords()(did.stage, did.pointer);
  const isCleared = "after" in did && isAbsent(did.after);
  const value = words.wordsOf(did.after) ?? (isCleared ? assistant.cleared : assistant.changed);
  return (
    <li tabIndex={-1}>
      <Icon name={did.isUndone ? "undo" : "tick"} small />
      <span className={did.isUndone ? "value tertiary" : "value"}>
        <b>{words.name}</b> {value}
      </span>
      {did.isUndone && <span className="small tertiary">{assistant.undone}</span>}
      {did.canUndo && !did.isUndone && (
        <button
          type="button"
          className="text-button small"
          aria-label={assistant.undoOf(words.name)}
          onClick={(event) => {
            keepFocus(event);
            onUndo(did);
          }}
        >
          <Icon name="undo" small />
          {assistant.undo}
        </button>
      )}
    </li>
  );
}

function KeptRow({ kept, onUse }: { kept: Kept; onUse: (kept: Kept) => void }) {
  const { assistant } = useTexts();
  const { data } = useSession();
  const { name, wordsOf } = useFieldWords()(kept.stage, kept.pointer);
  const isKnown = "wanted" in kept;
  const value = wordsOf(kept.wanted);
  const current = valueAt(data(kept.stage) as JsonObject, kept.pointer);
  if (isKnown && isSame(current, kept.wanted))
    return (
      <li tabIndex={-1}>
        <Icon name="tick" small />
        <span className="value">
          <b>{name}</b> {value ?? assistant.cleared}
        </span>
        <span className="small tertiary">{assistant.used}</span>
      </li>
    );
  return (
    <li className="left notch" tabIndex={-1}>
      <i aria-hidden="true" />
      <span>
        <b>{name}</b> {assistant.kept}
        {isKnown && (
          <span className="small secondary block">
            {value === null ? assistant.wantedCleared : assistant.wanted(value)}
          </span>
        )}
      </span>
      {isKnown && (
        <span className="pick">
          <button
            type="button"
            className="button line"
            aria-label={assistant.chooseFor(name)}
            onClick={(event) => {
              keepFocus(event);
              onUse(kept);
            }}
          >
            {assistant.useAnyway}
          </button>
        </span>
      )}
    </li>
  );
}

/** The button goes once it has been pressed: its row has the focus then. */
export function keepFocus({ currentTarget }: MouseEvent<HTMLButtonElement>): void {
  currentTarget.closest("li")?.focus({ preventScroll: true });
}
