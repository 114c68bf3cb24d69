/** What the page does for each tool of the assistant. */

import { ApiProblem } from "../api/client";
import { isObject, type JsonObject } from "../session/json";
import { STAGES } from "../stages/stages";
import { refusalOf } from "./problems";
import { publishHandlers } from "./publishHandlers";
import { sessionHandlers } from "./sessionHandlers";
import { stageHandlers } from "./stageHandlers";
import { ticketHandlers } from "./ticketHandlers";
import type { ToolName } from "./tools";
import type { Question, Saved } from "./types";
import { undoHandlers } from "./undo";
import { type Call, Writer, type WriterHost } from "./Writer";

/** What the handlers need of the page. */
export interface HandlerHost extends WriterHost {
  sessionId: string;
  navigate(path: string): void;
  /** Leaves the wizard for another site. */
  leave(url: string): void;
  /** Asks the person. Resolves with `{confirmed}`. */
  ask(question: Question): Promise<object>;
  /** What the last call of the conversation saved that saved something and is not undone. */
  lastSaved(): readonly Saved[];
  /** Calls `action` once the run that follows the result of the call is over. */
  afterRun(action: () => void): void;
}

export type Handler = (args: JsonObject, call: Call) => Promise<object>;

export type Handlers = Record<ToolName, Handler>;

/**
 * Runs the calls of tools. A call that has a result is not run again, and none of them throws for what
 * the API refuses: the result is the problem then.
 */
export function callRunner(
  host: HandlerHost,
): (name: string, args: unknown, call: Call) => Promise<object> {
  const handlers: Partial<Record<string, Handler>> = handlersOf(host);
  return async (name, args, call) => {
    const known = host.ledger.entry(call.id).result;
    if (known !== undefined) return known;
    const handler = handlers[name];
    if (handler === undefined) return { status: 404, code: "not_found" };
    const result = await resultOf(host, () => handler(isObject(args) ? args : {}, call));
    if (!call.signal.aborted && !isSignedOut(result)) host.ledger.finish(call.id, result);
    return result;
  };
}

export function handlersOf(host: HandlerHost): Handlers {
  const writer = new Writer(host);
  const ofStages = STAGES.map((stage) => stageHandlers(stage, host, writer));
  return {
    ...(Object.assign({}, ...ofStages) as ReturnType<typeof stageHandlers>),
    ...ticketHandlers(writer),
    ...sessionHandlers(host),
    ...publishHandlers(host),
    ...undoHandlers(host),
  };
}

async function resultOf({ store }: HandlerHost, work: () => Promise<object>): Promise<object> {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem;
    store.meet(problem);
    return refusalOf(problem);
  }
}

/** The call is run again once the person is signed in. */
function isSignedOut(result: object): boolean {
  return "status" in result && result.status === 401;
}
