import { unwrap } from "../api/client";
import { connectPayments, createSession, getChecks } from "../api/generated";
import { paths } from "../app/router";
import { isStage } from "../stages/stages";
import type { Handler, HandlerHost } from "./handlers";
import { insisted } from "./patience";
import { invalidArgument } from "./problems";

type SessionTool = "createSession" | "goToStage" | "runChecks" | "connectPayments";

/** What is about the session as a whole. */
export function sessionHandlers(host: HandlerHost): Record<SessionTool, Handler> {
  const { sessionId, store, navigate, leave, ask, afterRun } = host;
  const path = { session_id: sessionId };

  return {
    async createSession(_args, { id, signal }) {
      const headers = { "idempotency-key": id };
      const created = await insisted(() => unwrap(createSession({ body: {}, headers })), signal);
      const { session_id, current_stage, revision } = created;
      // The conversation of this session ends with its page.
      afterRun(() => navigate(paths.stage(session_id, current_stage)));
      return { session_id, revision };
    },
    async goToStage({ stage }) {
      if (typeof stage !== "string" || !isStage(stage))
        throw invalidArgument("/stage", "invalid_choice");
      navigate(paths.stage(sessionId, stage));
      return { stage };
    },
    async runChecks(_args, { signal }) {
      await store.flush();
      return await insisted(() => unwrap(getChecks({ path })), signal);
    },
    async connectPayments(_args, { id, signal }) {
      const answer = await ask({ kind: "connectPayments", callId: id });
      if (!isConfirmed(answer)) return { confirmed: false };
      await store.flush();
      const here = location.origin + location.pathname;
      const body = { return_url: here, refresh_url: here };
      const headers = { "idempotency-key": id };
      const { onboarding_url: url } = await insisted(
        () => unwrap(connectPayments({ path, body, headers })),
        signal,
      );
      // The address is secret, and can be used once: it is in no result.
      afterRun(() => leave(url));
      return { confirmed: true };
    },
  };
}

export function isConfirmed(answer: object): boolean {
  return "confirmed" in answer && answer.confirmed === true;
}
