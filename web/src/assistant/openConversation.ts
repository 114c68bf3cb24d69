import { navigate, routeOf } from "../app/router";
import { isObject } from "../session/json";
import type { SessionStore } from "../session/SessionStore";
import { sessionApi } from "../session/sessionApi";
import { ConversationStore } from "./ConversationStore";
import { callRunner } from "./handlers";
import { ledgerOf } from "./ledger";
import type { Message, ToolCall } from "./messages";
import { keepOpen } from "./openPanels";
import { nameOf } from "./threads";
import { writtenIn } from "./turns";
import type { Saved } from "./types";
import { lastDone } from "./undo";
import { KeptUnfinished } from "./unfinished";

/** A conversation about a session, whose calls change that session. */
export function openConversation(
  person: string,
  sessionId: string,
  threadId: string,
  session: SessionStore,
): ConversationStore {
  const name = nameOf(person, sessionId, threadId);
  const store = new ConversationStore({
    kept: new KeptUnfinished(`${name} unfinished`),
    flush: session.flush,
    runCall: (call, revision, signal) =>
      runCall(call.function.name, argumentsOf(call), { id: call.id, revision, signal }),
  });
  const runCall = callRunner({
    sessionId,
    store: session,
    api: sessionApi(sessionId),
    ledger: ledgerOf(person, sessionId),
    navigate: (path) => goTo(path),
    leave: (url) => location.assign(url),
    waits: (callId, place) => store.waits(callId, place),
    ask: (question) => store.ask(question),
    lastSaved: () => lastSaved(store.snapshot().messages, session),
    afterRun: (action) => store.afterRun(action),
  });
  return store;
}

function argumentsOf(call: ToolCall): object {
  try {
    const value: unknown = JSON.parse(call.function.arguments || "{}");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The panel stays open at another session. */
function goTo(path: string): void {
  const route = routeOf(new URL(path, location.origin).pathname);
  if ("sessionId" in route) keepOpen(route.sessionId, true);
  navigate(path);
}

/** What the last call saved that saved something, and is not undone. */
function lastSaved(messages: readonly Message[], session: SessionStore): readonly Saved[] {
  const calls = messages.flatMap((message) =>
    message.role === "tool" ? [writtenIn(message.content).saved] : [],
  );
  return lastDone(session, calls);
}
