import { useTexts } from "../../texts";
import type { AssistantTurn, Conversation, PersonTurn } from "../types";
import { Answer } from "./Answer";
import { Changes } from "./Changes";
import { Suggestions } from "./Suggestions";
import { useFieldWords } from "./useFieldWords";

interface TurnsProps {
  conversation: Conversation;
  /** A link leads to a page. */
  onLeave: () => void;
}

/** What was said, oldest first. Turns of the assistant that follow each other have one name. */
export function Turns({ conversation, onLeave }: TurnsProps) {
  const { turns } = conversation;
  return (
    <ol>
      {turns.map((turn, index) =>
        turn.from === "person" ? (
          <PersonEntry key={turn.id} turn={turn} />
        ) : (
          <AssistantEntry
            key={turn.id}
            turn={turn}
            isContinued={turns[index - 1]?.from === "assistant"}
            conversation={conversation}
            onLeave={onLeave}
          />
        ),
      )}
    </ol>
  );
}

function PersonEntry({ turn: { text, isQueued } }: { turn: PersonTurn }) {
  const { assistant } = useTexts();
  return (
    <li className="turn by-person">
      <b className="small">{assistant.you}</b>
      <p>{isQueued ? <span className="basted">{text}</span> : text}</p>
      {isQueued && <p className="small secondary">{assistant.queued}</p>}
    </li>
  );
}

interface AssistantEntryProps extends TurnsProps {
  turn: AssistantTurn;
  isContinued: boolean;
}

function AssistantEntry({ turn, isContinued, conversation, onLeave }: AssistantEntryProps) {
  const { assistant } = useTexts();
  return (
    <li className={isContinued ? "turn continued" : "turn"}>
      {!isContinued && <b className="small">{assistant.assistant}</b>}
      {turn.suggestions !== null ? (
        <Suggestions stage={turn.suggestions} text={turn.text} onLeave={onLeave} />
      ) : (
        turn.text !== "" && <Answer text={turn.text} onLeave={onLeave} />
      )}
      <Changes
        did={turn.did}
        kept={turn.kept}
        onUndo={conversation.undo}
        onUse={conversation.use}
      />
      {turn.waitsFor !== null && <Waiting for={turn.waitsFor} />}
    </li>
  );
}

function Waiting({ for: place }: { for: NonNullable<AssistantTurn["waitsFor"]> }) {
  const { assistant } = useTexts();
  const { name } = useFieldWords()(place.stage, place.pointer);
  return <p className="small secondary">{assistant.waitsFor(name)}</p>;
}
