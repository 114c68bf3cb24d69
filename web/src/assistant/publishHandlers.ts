import { unwrap } from "../api/client";
import { getCopilot, publish } from "../api/generated";
import type { Handler, HandlerHost } from "./handlers";
import { insisted } from "./patience";
import { invalidArgument, STOPPED } from "./problems";
import { isConfirmed } from "./sessionHandlers";

/** Seconds that the API waits for the event. */
const LONGEST_PUBLISHING = 20;

/** To ask the person, and to publish what they have confirmed. */
export function publishHandlers({
  sessionId,
  store,
  api,
  ask,
}: HandlerHost): Record<"publishEvent" | "confirmPublish", Handler> {
  const path = { session_id: sessionId };

  return {
    async publishEvent({ publish_at }, { id, signal }) {
      const publishAt = typeof publish_at === "string" ? publish_at : null;
      const answer = await ask({ kind: "publish", callId: id, publishAt });
      if (!isConfirmed(answer)) return { confirmed: false };
      // The person has accepted the terms in the dialog.
      await store.flush();
      const { entries } = store.snapshot().outbox;
      if (entries.some(({ stage }) => stage === "reviewPublish")) return STOPPED;
      const query = { stage: "reviewPublish" } as const;
      const { context, checks_digest } = await insisted(
        () => unwrap(getCopilot({ path, query })),
        signal,
      );
      return { confirmed: true, revision: context.revision, checks_digest };
    },
    async confirmPublish({ revision, publish_at }, { id, signal }) {
      if (typeof revision !== "number") throw invalidArgument("/revision", "invalid_type");
      const body = typeof publish_at === "string" ? { publish_at } : {};
      const headers = {
        "idempotency-key": id,
        "if-match": `"${revision}"`,
        prefer: `wait=${LONGEST_PUBLISHING}`,
      };
      await insisted(() => unwrap(publish({ path, body, headers })), signal);
      const view = await insisted(() => api.read(true), signal);
      store.receive(view);
      return { revision: view.revision, state: view.publication.state, event_id: view.event_id };
    },
  };
}
