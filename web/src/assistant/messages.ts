/** The messages of a conversation, as AG-UI has them. */

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export type Message =
  | { id: string; role: "user"; content: string }
  | { id: string; role: "assistant"; content?: string; toolCalls?: ToolCall[] }
  | { id: string; role: "tool"; content: string; toolCallId: string };

/** What a message is recognized by. A result that is repeated may have another id. */
export function keyOf(message: Message): string {
  return message.role === "tool" ? message.toolCallId : message.id;
}

/** The calls that have no result, of the newest answer. */
export function openCalls(messages: readonly Message[]): readonly ToolCall[] {
  const said = messages.findLastIndex(({ role }) => role === "user");
  const answer = messages.slice(said + 1);
  const done = new Set(
    answer.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : [])),
  );
  return answer
    .flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []))
    .filter(({ id }) => !done.has(id));
}

/** Whether it is the assistant's turn. */
export function needsAnswer(messages: readonly Message[]): boolean {
  const last = messages.at(-1);
  return last !== undefined && last.role !== "assistant" && openCalls(messages).length === 0;
}

/** The messages with the result of a call, which follows its call and other results. */
export function withResult(messages: readonly Message[], callId: string, result: object) {
  const message: Message = {
    id: crypto.randomUUID(),
    role: "tool",
    toolCallId: callId,
    content: JSON.stringify(result),
  };
  return withToolMessage(messages, message);
}

function withToolMessage(
  messages: readonly Message[],
  message: Extract<Message, { role: "tool" }>,
): Message[] {
  const called = messages.findIndex(
    (other) =>
      other.role === "assistant" && other.toolCalls?.some(({ id }) => id === message.toolCallId),
  );
  if (called < 0) return [...messages];
  let place = called + 1;
  while (messages[place]?.role === "tool") place += 1;
  return messages.toSpliced(place, 0, message);
}

/**
 * The thread as the API has it, between the messages that it lacks: it keeps only the end of a long
 * conversation, and does not have yet what was not sent.
 */
export function merged(stored: readonly Message[], own: readonly Message[]): Message[] {
  const known = new Set(stored.map(keyOf));
  const isKnown = (message: Message) => known.has(keyOf(message));
  const begin = Math.max(0, own.findIndex(isKnown));
  let all = [...own.slice(0, begin), ...stored];
  for (const message of own.slice(begin).filter((other) => !isKnown(other)))
    all = message.role === "tool" ? withToolMessage(all, message) : all.concat(message);
  return all;
}

/** Of a conversation, about as much as the API takes. */
const MOST_MESSAGES = 160;
const MOST_BYTES = 192 * 1024;

/** The end of a conversation, from something that the person said. */
export function recent(messages: readonly Message[]): Message[] {
  const encoder = new TextEncoder();
  let begin = messages.length;
  let bytes = 0;
  for (let place = messages.length - 1; place >= 0; place -= 1) {
    const message = messages[place];
    bytes += encoder.encode(JSON.stringify(message)).length;
    const isTooLong = messages.length - place > MOST_MESSAGES || bytes > MOST_BYTES;
    if (isTooLong && begin < messages.length) break;
    if (message?.role === "user") begin = place;
  }
  return messages.slice(begin === messages.length ? 0 : begin);
}

/**
 * The messages without the beginning of an answer whose end was not seen. An answer with calls is
 * whole: the calls are the last of it.
 */
export function withoutCutAnswer(messages: readonly Message[], asked: string): Message[] {
  const place = messages.findLastIndex((message) => keyOf(message) === asked);
  const answer = messages.slice(place + 1);
  const isCut =
    place >= 0 &&
    answer.every(({ role }) => role === "assistant") &&
    openCalls(messages).length === 0;
  return isCut ? messages.slice(0, place + 1) : [...messages];
}
