import { vi } from "vitest";

import type { AssistantTurn, Conversation, PersonTurn } from "../assistant/types";

/** A conversation at rest, without a word yet. Its functions record how they are called. */
export function conversationWith(changes: Partial<Conversation> = {}) {
  return {
    turns: [],
    choices: [],
    isConnected: true,
    isWorking: false,
    isElsewhere: false,
    failure: null,
    question: null,
    answer: vi.fn<Conversation["answer"]>(),
    send: vi.fn<Conversation["send"]>(),
    stop: vi.fn<Conversation["stop"]>(),
    retry: vi.fn<Conversation["retry"]>(),
    undo: vi.fn<Conversation["undo"]>(),
    use: vi.fn<Conversation["use"]>(),
    startOver: vi.fn<Conversation["startOver"]>(),
    ...changes,
  };
}

export function personTurn(text: string, changes: Partial<PersonTurn> = {}): PersonTurn {
  return { id: `person ${text}`, from: "person", text, isQueued: false, ...changes };
}

export function assistantTurn(text: string, changes: Partial<AssistantTurn> = {}): AssistantTurn {
  const nothing = { did: [], kept: [], suggestions: null, waitsFor: null };
  return { id: `assistant ${text}`, from: "assistant", text, ...nothing, ...changes };
}
