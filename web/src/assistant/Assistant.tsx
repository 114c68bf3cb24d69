import {
  CopilotKitContext,
  CopilotKitCoreReact,
  EMPTY_SET,
} from "@copilotkit/react-core/v2/context";
import { useEffect, useState } from "react";

import { unwrap } from "../api/client";
import { getConfig } from "../api/generated";
import { personKey, usePerson } from "../identity/IdentityContext";
import { useSession } from "../session/SessionContext";
import { STAGES } from "../stages/stages";
import { useTexts } from "../texts";
import { AssistantTextsProvider } from "../texts/AssistantTextsProvider";
import { type Message, recent } from "./messages";
import { AssistantPanel } from "./panel/AssistantPanel";
import { GeneralTools, StageTools } from "./StageTools";
import { newThread, onNewThread, threadOf } from "./threads";
import { useConversation } from "./useConversation";

interface AssistantProps {
  /** Whether its panel is shown. It works on while it is not. */
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  /** Whether it was open before a reload. */
  isRestored: boolean;
}

/** The API speaks like CopilotKit's runtime. */
const RUNTIME_URL = "/v1/copilot";

/** The assistant of a session: everything of CopilotKit is loaded with this file. */
export default function Assistant(props: AssistantProps) {
  const { sessionId } = useSession();
  const person = personKey(usePerson());
  const [threadId, setThread] = useState(() => threadOf(person, sessionId));
  const [context] = useState(() => ({ copilotkit: openCore(), executingToolCallIds: EMPTY_SET }));
  useEffect(() => onNewThread(person, sessionId, setThread), [person, sessionId]);
  return (
    <AssistantTextsProvider>
      <CopilotKitContext value={context}>
        <Thread
          key={threadId}
          {...props}
          threadId={threadId}
          startOver={() => setThread(newThread(person, sessionId))}
        />
      </CopilotKitContext>
    </AssistantTextsProvider>
  );
}

/** It sends nothing before there is a thread, whose agent knows the person's token. */
function openCore(): CopilotKitCoreReact {
  return new CopilotKitCoreReact({
    runtimeUrl: RUNTIME_URL,
    runtimeTransport: "rest",
    deferInitialConnection: true,
    messageFilter: (messages) => recent(messages as readonly Message[]) as typeof messages,
  });
}

interface ThreadProps extends AssistantProps {
  threadId: string;
  startOver: () => void;
}

function Thread({ threadId, startOver, isOpen, setOpen, isRestored }: ThreadProps) {
  const { conversation, run } = useConversation(threadId, startOver);
  const isAsked = conversation.question !== null;
  const how = useHowItWorks();
  useEffect(() => {
    if (isAsked) setOpen(true);
  }, [isAsked, setOpen]);
  return (
    <>
      {STAGES.map((stage) => (
        <StageTools key={stage} stage={stage} run={run} />
      ))}
      <GeneralTools run={run} />
      {isOpen && (
        <AssistantPanel
          conversation={conversation}
          how={how}
          onClose={() => setOpen(false)}
          isRestored={isRestored}
        />
      )}
    </>
  );
}

/** By rules, or with which model; nothing until it is known. */
function useHowItWorks(): string {
  const { assistant } = useTexts();
  const [model, setModel] = useState<string | null>();
  useEffect(() => {
    unwrap(getConfig()).then(
      (config) => setModel(config.assistant_model),
      () => undefined, // the panel does without it
    );
  }, []);
  if (model === undefined) return "";
  return model === null ? assistant.byRules : assistant.withModel(model);
}
