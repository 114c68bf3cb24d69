import { unwrap, viewOf } from "../api/client";
import { completeStage, getCopilot } from "../api/generated";
import { paths } from "../app/router";
import type { Stage } from "../stages/stages";
import { ownZone } from "../texts/zones";
import type { Handler, HandlerHost } from "./handlers";
import { insisted } from "./patience";
import { invalidArgument } from "./problems";
import { type StageToolNames, stageTools } from "./tools";
import type { Writer } from "./Writer";

type StageHandlers<S extends Stage> = Record<StageToolNames<S>[keyof StageToolNames<S>], Handler>;

/** To complete a stage, to save its fields, and to suggest values for them. */
export function stageHandlers<S extends Stage>(
  stage: S,
  host: HandlerHost,
  writer: Writer,
): StageHandlers<S> {
  const { sessionId, store, navigate } = host;
  const path = { session_id: sessionId };
  const { complete, autosave, suggest } = stageTools(stage);

  const handlers: Record<string, Handler> = {
    async [complete](_args, call) {
      await store.flush();
      const headers = { "idempotency-key": call.id };
      const view = await insisted(
        () => viewOf(completeStage({ path: { ...path, stage }, body: {}, headers })),
        call.signal,
      );
      store.receive(view);
      navigate(paths.stage(sessionId, view.current_stage));
      return { revision: view.revision, stage: view.current_stage };
    },
    async [autosave](patch, call) {
      // Only the person accepts the terms.
      if ("acceptTerms" in patch) throw invalidArgument("/acceptTerms", "server_owned");
      return writer.write(call, stage, () => patch);
    },
    async [suggest](_args, call) {
      const query = { stage, locale: navigator.language, timezone: ownZone() };
      const { suggestions } = await insisted(
        () => unwrap(getCopilot({ path, query })),
        call.signal,
      );
      return { suggestions: suggestions.length };
    },
  };
  return handlers as StageHandlers<S>;
}
