import { ApiProblem, unwrap, viewOf } from "../api/client";
import { getSession, type SessionView, saveStage } from "../api/generated";
import type { Drafts } from "../stages/stages";
import type { Sent } from "./outbox";

/** What the store of a session needs of the API. */
export interface SessionApi {
  /** The newest view; from the workflow itself with `consistent`. */
  read(consistent?: boolean): Promise<SessionView>;
  /**
   * Saves one stage. A repeat has the same key, and no second effect.
   *
   * @throws ApiProblem `revision_conflict`, with the current view, if another change came first
   */
  save(sent: Sent, keepalive?: boolean): Promise<SessionView>;
}

export function sessionApi(sessionId: string): SessionApi {
  const path = { session_id: sessionId };
  return {
    read: (consistent = false) => unwrap(getSession({ path, query: { consistent } })),
    save: ({ key, stage, revision, body }, keepalive = false) =>
      viewOf(
        saveStage({
          path: { ...path, stage },
          body: body as Drafts[typeof stage],
          headers: { "idempotency-key": key, "if-match": `"${revision}"` },
          keepalive,
        }),
      ),
  };
}

/** The current view in a problem, if it has one. */
export function viewIn(problem: unknown): SessionView | null {
  return problem instanceof ApiProblem ? (problem.problem.session ?? null) : null;
}
