import { isObject } from "../session/json";
import type { Stage } from "../stages/stages";
import type { Message } from "./messages";
import { stageOfSuggestions } from "./tools";
import type { AssistantTurn, Did, Kept, Saved, Turn } from "./types";
import type { Outgoing } from "./unfinished";

/** A call that waits for the person, who types in a field that it is about to write. */
export interface Waiting {
  callId: string;
  stage: Stage;
  pointer: string;
}

export interface TurnSources {
  messages: readonly Message[];
  queued: readonly Outgoing[];
  waiting: Waiting | null;
  /** What a call saved, as it can be undone now. */
  didOf(callId: string, saved: readonly Saved[]): readonly Did[];
}

/** Who said what: messages of the assistant that follow one another are one turn. */
export function turnsOf({ messages, queued, waiting, didOf }: TurnSources): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      turns.push({ id: message.id, from: "person", text: message.content, isQueued: false });
      continue;
    }
    const last = turns.at(-1);
    const turn = last?.from === "assistant" ? last : emptyTurn(message.id);
    if (turn !== last) turns.push(turn);
    turns[turns.length - 1] = extended(turn, message, waiting, didOf);
  }
  const shown = turns.map((turn, index) =>
    turn.from === "assistant" && index < turns.length - 1 ? { ...turn, suggestions: null } : turn,
  );
  const waitingTurns = queued.map(
    ({ id, text }): Turn => ({ id, from: "person", text, isQueued: true }),
  );
  return [...shown.filter((turn) => !isEmpty(turn)), ...waitingTurns];
}

function emptyTurn(id: string): AssistantTurn {
  return { id, from: "assistant", text: "", did: [], kept: [], suggestions: null, waitsFor: null };
}

function isEmpty(turn: Turn): boolean {
  if (turn.from === "person") return false;
  const { text, did, kept, suggestions, waitsFor } = turn;
  return (
    text === "" &&
    did.length === 0 &&
    kept.length === 0 &&
    suggestions === null &&
    waitsFor === null
  );
}

function extended(
  turn: AssistantTurn,
  message: Exclude<Message, { role: "user" }>,
  waiting: Waiting | null,
  didOf: TurnSources["didOf"],
): AssistantTurn {
  if (message.role === "tool") {
    const { saved, kept } = writtenIn(message.content);
    const { toolCallId: callId } = message;
    return {
      ...turn,
      did: [...turn.did, ...didOf(callId, saved)],
      kept: [...turn.kept, ...kept.map((entry) => ({ ...entry, callId }))],
    };
  }
  const { content = "", toolCalls = [] } = message;
  const names = toolCalls.map((call) => call.function.name);
  const isWaiting = toolCalls.some(({ id }) => id === waiting?.callId);
  return {
    ...turn,
    text: [turn.text, content].filter((part) => part !== "").join("\n\n"),
    suggestions: names.map(stageOfSuggestions).find((stage) => stage !== null) ?? turn.suggestions,
    waitsFor:
      isWaiting && waiting !== null
        ? { stage: waiting.stage, pointer: waiting.pointer }
        : turn.waitsFor,
  };
}

/** What a result says of fields; nothing, if it is of another kind. */
export function writtenIn(result: string): { saved: readonly Saved[]; kept: readonly Kept[] } {
  const { saved = [], kept = [] } = parsed(result) as {
    saved?: readonly Saved[];
    kept?: readonly Kept[];
  };
  return { saved: Array.isArray(saved) ? saved : [], kept: Array.isArray(kept) ? kept : [] };
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
