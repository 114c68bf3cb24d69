import { useAgent, useCopilotKit } from "@copilotkit/react-core/v2/headless";
import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";

import { routeOf } from "../app/router";
import { personKey, useIdentity, usePerson } from "../identity/IdentityContext";
import { sessionOf } from "../session/openSessions";
import { useSession } from "../session/SessionContext";
import { useTexts } from "../texts";
import { ownZone } from "../texts/zones";
import { AgentRuns } from "./AgentRuns";
import type { ConversationStore } from "./ConversationStore";
import { OneAtATime } from "./oneAtATime";
import { openConversation } from "./openConversation";
import type { RunTool } from "./StageTools";
import { nameOf } from "./threads";
import { turnsOf } from "./turns";
import type { Conversation } from "./types";
import { didOf, putBack } from "./undo";

/** The agent of the API. */
const AGENT = "default";
/** The store hears of changes itself. */
const NO_UPDATES: never[] = [];
const PHONE = "(max-width: 767px)";

/** The conversation of a thread, and what runs the calls of its answers. */
export function useConversation(
  threadId: string,
  startOver: () => void,
): { conversation: Conversation; run: RunTool } {
  const { sessionId, isLive } = useSession();
  const person = personKey(usePerson());
  const { store: session } = sessionOf(person, sessionId);
  const store = useMemo(
    () => openConversation(person, sessionId, threadId, session),
    [person, sessionId, threadId, session],
  );
  const runs = useRuns(store, threadId, nameOf(person, sessionId, threadId));
  const run = useCallback<RunTool>(
    async (call) => (await runs.current?.call(() => store.runCall(call))) ?? {},
    [runs, store],
  );
  useRetryOnceBack(store, isLive);

  const { messages, queued, isWorking, waiting, ...shown } = useSyncExternalStore(
    store.subscribe,
    store.snapshot,
  );
  const isAnswered = messages.at(-1)?.role === "assistant" && !isWorking && queued.length === 0;
  const isPersonsTurn = shown.question !== null;
  return {
    run,
    conversation: {
      ...shown,
      isWorking: isWorking && !isPersonsTurn,
      turns: turnsOf({
        messages,
        queued,
        waiting,
        didOf: (callId, saved) => didOf(session, callId, saved),
      }),
      choices: isAnswered ? shown.choices : [],
      answer: (question, result) => store.answer(question, result),
      send: (text) => store.send(text),
      stop: () => store.stop(),
      retry: () => store.retry(),
      undo: ({ stage, pointer, before }) => putBack(session, stage, pointer, before ?? null),
      use: ({ stage, pointer, wanted }) => putBack(session, stage, pointer, wanted ?? null),
      startOver,
    },
  };
}

/** Opens the conversation with the agent, for as long as the page of the session is shown. */
function useRuns(
  store: ConversationStore,
  threadId: string,
  name: string,
): RefObject<AgentRuns | null> {
  const current = useRef<AgentRuns | null>(null);
  const identity = useIdentity();
  const { sessionId } = useSession();
  const { language } = useTexts();
  const { copilotkit } = useCopilotKit();
  const { agent, isReady } = useAgent({
    agentId: `thread-${threadId}`,
    runtimeAgentId: AGENT,
    threadId,
    updates: NO_UPDATES,
  });
  const properties = useEffectEvent(() => {
    const route = routeOf(location.pathname);
    return {
      session_id: sessionId,
      locale: language,
      timezone: ownZone(),
      device: matchMedia(PHONE).matches ? "mobile" : "desktop",
      links: true,
      ...(route.name === "stage" && { stage: route.stage }),
    };
  });
  useEffect(() => {
    if (!isReady) return;
    const runs = new AgentRuns(copilotkit, agent, {
      accessToken: () => identity.accessToken(),
      expire: (token) => identity.expire(token),
      properties,
      began: store.began,
      ended: store.ended,
      changed: store.changed,
    });
    current.current = runs;
    const close = store.open(runs, new OneAtATime(name, store.elsewhere));
    return () => {
      current.current = null;
      close();
    };
  }, [store, copilotkit, agent, isReady, identity, name]);
  return current;
}

/** What could not be sent is sent once the API is back. */
function useRetryOnceBack(store: ConversationStore, isLive: boolean): void {
  useEffect(() => {
    if (isLive && store.snapshot().failure === "unreachable") store.retry();
  }, [store, isLive]);
}
