import type { Message } from "../assistant/messages";

/** One answer of the API: its events, or a response without any. */
export type Answer = readonly object[] | Response | "unreachable";

interface Asked {
  path: string;
  messages: readonly Message[];
  tools: readonly { name: string }[];
  properties: Record<string, unknown>;
  token: string | null;
}

/**
 * Answers in the place of `fetch` as the API's routes for CopilotKit do. `answer` is what a run answers;
 * a promise holds the run back.
 */
export class AgentServer {
  readonly asked: Asked[] = [];
  /** The thread, as `connect` gives it back. */
  thread: readonly Message[] = [];
  state: object = { revision: 0, choices: [] };
  connects: Answer | null = null;

  constructor(readonly answer: (asked: Asked) => Answer | Promise<Answer>) {}

  get runs(): readonly Asked[] {
    return this.asked.filter(({ path }) => path.endsWith("/run"));
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const path = new URL(String(input), location.origin).pathname;
    if (path.endsWith("/info")) return Response.json({ version: "1", mode: "sse", agents: {} });
    if (path.includes("/stop/")) return Response.json({ stopped: true });
    const body = JSON.parse(String(init.body));
    const asked = {
      path,
      messages: body.messages,
      tools: body.tools,
      properties: body.forwardedProps,
      token: new Headers(init.headers).get("Authorization"),
    };
    this.asked.push(asked);
    const answer = path.endsWith("/connect")
      ? (this.connects ?? replay(this.thread, this.state))
      : await this.answer(asked);
    if (answer === "unreachable") throw new TypeError("Failed to fetch");
    return answer instanceof Response ? answer : stream(answer);
  };
}

/** The events of a whole run. */
export function run(...events: readonly object[]): readonly object[] {
  return [
    STARTED,
    { type: "STATE_SNAPSHOT", snapshot: { revision: 3, choices: [] } },
    ...events,
    FINISHED,
  ];
}

export const STARTED = { type: "RUN_STARTED", threadId: "thread", runId: "run" };
export const FINISHED = { type: "RUN_FINISHED", threadId: "thread", runId: "run" };

export function words(messageId: string, text: string): readonly object[] {
  return [
    { type: "TEXT_MESSAGE_START", messageId, role: "assistant" },
    { type: "TEXT_MESSAGE_CONTENT", messageId, delta: text },
    { type: "TEXT_MESSAGE_END", messageId },
  ];
}

export function call(messageId: string, toolCallId: string, tool: string, parameters: object = {}) {
  return [
    { type: "TOOL_CALL_START", toolCallId, toolCallName: tool, parentMessageId: messageId },
    { type: "TOOL_CALL_ARGS", toolCallId, delta: JSON.stringify(parameters) },
    { type: "TOOL_CALL_END", toolCallId },
  ];
}

function replay(messages: readonly Message[], snapshot: object): readonly object[] {
  const all = messages.length > 0 ? [{ type: "MESSAGES_SNAPSHOT", messages }] : [];
  return [STARTED, ...all, { type: "STATE_SNAPSHOT", snapshot }, FINISHED];
}

function stream(events: readonly object[]): Response {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(text, { headers: { "Content-Type": "text/event-stream" } });
}
