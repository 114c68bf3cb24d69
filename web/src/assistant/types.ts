import type { Problem } from "../api/generated";
import type { Json } from "../session/json";
import type { Stage } from "../stages/stages";

/** An answer that the person can give by a button. */
export interface Choice {
  label: string;
  answer: string;
}

/** A field that the assistant wrote. The values are left out if they are large. */
export interface Saved {
  stage: Stage;
  /** A JSON pointer into the stage's data. An element of a list is named by its `id`. */
  pointer: string;
  before?: Json;
  after?: Json;
}

/** A field that the assistant did not write, because it was changed meanwhile. */
export interface Kept {
  stage: Stage;
  pointer: string;
  /** What the assistant would have written. */
  wanted?: Json;
  current?: Json;
}

/** What a tool that writes results in. */
export interface WriteResult {
  revision: number;
  saved: readonly Saved[];
  kept: readonly Kept[];
}

/** What a tool results in: the body of its message. A refusal is the problem as the API sent it. */
export type ToolResult = WriteResult | Partial<Problem> | { [name: string]: unknown };

/** An entry of the list of what the assistant did. */
export interface Did extends Saved {
  callId: string;
  /** Whether the field still has the value that the assistant wrote. */
  canUndo: boolean;
  isUndone: boolean;
}

export interface PersonTurn {
  id: string;
  from: "person";
  text: string;
  /** Whether it is sent only after the assistant has finished. */
  isQueued: boolean;
}

export interface AssistantTurn {
  id: string;
  from: "assistant";
  /** Markdown: paragraphs, lists, `**bold**`, and links to pages of the session. */
  text: string;
  did: readonly Did[];
  kept: readonly (Kept & { callId: string })[];
  /** The stage whose suggestions are shown with this turn. */
  suggestions: Stage | null;
  /** The field that the assistant is about to write, while the person types in it. */
  waitsFor: { stage: Stage; pointer: string } | null;
}

export type Turn = PersonTurn | AssistantTurn;

/** A tool that waits for the person. */
export type Question =
  | { kind: "publish"; callId: string; publishAt: string | null }
  | { kind: "connectPayments"; callId: string };

export type Failure = "unreachable" | "rate_limited" | "failed";

/** The conversation of one person about one session, as the panel shows it. */
export interface Conversation {
  turns: readonly Turn[];
  choices: readonly Choice[];
  /** Whether the thread has been read. */
  isConnected: boolean;
  /** Whether a run or a tool is at work. */
  isWorking: boolean;
  /** Whether another tab of this browser is at work. */
  isElsewhere: boolean;
  failure: Failure | null;
  question: Question | null;
  answer(question: Question, result: object): void;
  send(text: string): void;
  stop(): void;
  /** Sends again what failed. */
  retry(): void;
  undo(did: Did): void;
  /** Writes what the assistant wanted after all: a change by the person. */
  use(kept: Kept): void;
  /** Begins a new thread. */
  startOver(): void;
}
