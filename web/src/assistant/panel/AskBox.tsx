import { type FormEvent, type KeyboardEvent, type RefObject, useState } from "react";

import { Icon } from "../../look/Icon";
import { useSession } from "../../session/SessionContext";
import type { Stage } from "../../stages/stages";
import { useTexts } from "../../texts";
import type { Choice, Conversation } from "../types";

/** The API takes 16 KiB for a message; a letter may take four bytes. */
const MOST_LETTERS = 4_000;

interface AskBoxProps {
  conversation: Conversation;
  /** The stage that the person looks at. */
  stage: Stage;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** What can be answered by a button, how the assistant is doing, and the field to tell it something. */
export function AskBox({ conversation, stage, field }: AskBoxProps) {
  const { assistant } = useTexts();
  const { sessionId, session } = useSession();
  const isOut = session?.publication.state === "published";
  const [text, setText] = useDraft(sessionId);

  function send() {
    const said = text.trim();
    if (said === "") return;
    conversation.send(said);
    setText("");
  }

  function sendOnEnter(event: KeyboardEvent) {
    // Enter also ends the writing of a Japanese word, for example.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="ask"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
    >
      <Progress conversation={conversation} />
      <Choices
        choices={choicesOf(conversation, isOut ? [] : assistant.sayings[stage])}
        onChoose={(answer) => {
          conversation.send(answer);
          field.current?.focus();
        }}
      />
      <div className="unit">
        <textarea
          ref={field}
          className="textarea"
          rows={1}
          maxLength={MOST_LETTERS}
          enterKeyHint="send"
          aria-label={assistant.field}
          placeholder={assistant.placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={sendOnEnter}
        />
        <button type="submit" className="tool" aria-label={assistant.send}>
          <Icon name="up" />
        </button>
      </div>
    </form>
  );
}

/** What the assistant asks for; else what can be said at the stage. */
function choicesOf(
  { choices, isConnected, isWorking, question }: Conversation,
  sayings: readonly string[],
): readonly Choice[] {
  if (choices.length > 0) return choices;
  if (!isConnected || isWorking || question !== null) return [];
  return sayings.map((saying) => ({ label: saying, answer: saying }));
}

interface ChoicesProps {
  choices: readonly Choice[];
  onChoose: (answer: string) => void;
}

function Choices({ choices, onChoose }: ChoicesProps) {
  const { assistant } = useTexts();
  if (choices.length === 0) return null;
  return (
    <ul className="choices" aria-label={assistant.choices}>
      {choices.map(({ label, answer }) => (
        <li key={answer}>
          <button type="button" onClick={() => onChoose(answer)}>
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Whether it works, here or in another tab, and what went wrong. */
function Progress({ conversation }: { conversation: Conversation }) {
  const { assistant } = useTexts();
  const { isWorking, isElsewhere, failure } = conversation;
  return (
    <>
      <div className="progress">
        <p className="small secondary" role="status">
          {isElsewhere ? assistant.elsewhere : isWorking && assistant.working}
        </p>
        {isWorking && (
          <button type="button" className="text-button small" onClick={conversation.stop}>
            {assistant.stop}
          </button>
        )}
      </div>
      <div role="alert">
        {failure !== null && (
          <div className="failure">
            <Icon name="alert" small />
            <p className="small">{assistant.failures[failure]}</p>
            <button type="button" className="text-button small" onClick={conversation.retry}>
              {assistant.tryAgain}
            </button>
          </div>
        )}
      </div>
    </>
  );
}

/** What is typed and not sent stays while the panel is closed. */
function useDraft(sessionId: string): [string, (text: string) => void] {
  const key = `assistant-draft ${sessionId}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  function change(changed: string) {
    setText(changed);
    if (changed === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, changed);
  }
  return [text, change];
}
