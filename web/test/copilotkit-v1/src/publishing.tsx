import { useCopilotAction } from "@copilotkit/react-core";
import { useState } from "react";

import type { Sent } from "./actions";
import { send } from "./session";

interface Situation {
  context: { revision: number };
  checks_digest: string;
}

interface Answer {
  confirmed: boolean;
  revision?: number;
  checks_digest?: string;
}

/** Accepts the terms, which only a person can, and names the state that is confirmed. */
async function confirmation(): Promise<Answer> {
  await send("POST", "/stages/reviewPublish/complete", { data: { acceptTerms: true } });
  const { context, checks_digest } = (await send("GET", "/copilot")) as Situation;
  return { confirmed: true, revision: context.revision, checks_digest };
}

function Confirmation({ respond }: { respond: ((answer: Answer) => void) | undefined }) {
  const [isSending, setSending] = useState(false);

  async function confirm() {
    setSending(true);
    respond?.(await confirmation());
  }

  return (
    <section className="confirmation">
      <p>Publish the event?</p>
      <button type="button" disabled={isSending} onClick={() => void confirm()}>
        Accept the terms and publish
      </button>
      <button type="button" disabled={isSending} onClick={() => respond?.({ confirmed: false })}>
        Not now
      </button>
    </section>
  );
}

/** `publishEvent` waits for the person, and is asked again after a reload. */
export function PublishActions({ sent }: { sent: Sent }) {
  useCopilotAction({
    name: "publishEvent",
    description: "Asks the person to confirm the publication",
    parameters: [],
    renderAndWaitForResponse: ({ status, respond }) =>
      status === "complete" ? <p>Answered.</p> : <Confirmation respond={respond} />,
  });
  useCopilotAction({
    name: "confirmPublish",
    description: "Publishes the event as it was checked",
    parameters: [
      { name: "revision", type: "number", required: true },
      { name: "checks_digest", type: "string", required: true },
    ],
    handler: ({ revision }) =>
      sent("confirmPublish", "POST", "/publish", undefined, {
        "If-Match": `"${revision}"`,
        Prefer: "wait=20",
      }),
  });
  return null;
}
