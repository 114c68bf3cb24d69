import { ApiProblem, answered, unwrap } from "../api/client";
import {
  getSession,
  type ListedAction,
  listActions,
  type SessionView,
  saveStage,
} from "../api/generated";
import type { Drafts } from "../stages/stages";
import type { Sent } from "./outbox";

export interface Answer {
  view: SessionView;
  /** An earlier attempt had the effect: the view is the session as it is now. */
  isReplay: boolean;
}

/** What the store of a session needs of the API. */
export interface SessionApi {
  /** The newest view; from the workflow itself with `consistent`. */
  read(consistent?: boolean): Promise<SessionView>;
  /**
   * Saves one stage. A repeat has the same key, and no second effect.
   *
   * @throws ApiProblem `revision_conflict`, with the current view, if another change came first
   */
  save(sent: Sent): Promise<Answer>;
  /**
   * Saves as a page ends. The request begins before this returns: what the page would do after an
   * `await` it does no more.
   */
  saveLast(sent: Sent): void;
  /** The newest changes, newest first. A change may be missing for some seconds. */
  actions(): Promise<readonly ListedAction[]>;
}

/** How far back a conflict's author is looked for. */
const ACTIONS = 30;
/** Milliseconds after which a save without an answer is repeated: the network may have swallowed it. */
const LONGEST_SAVE = 60_000;

const ahead = new Map<string, Promise<SessionView>>();

/** Begins to read a session for the page that opens it. */
export function readAhead(sessionId: string): void {
  const reading = sessionApi(sessionId).read();
  reading.catch(() => undefined); // the page shows it
  ahead.set(sessionId, reading);
}

/** @param currentToken as in `Identity` */
export function sessionApi(
  sessionId: string,
  currentToken: () => string | null = () => null,
): SessionApi {
  const path = { session_id: sessionId };
  return {
    read(consistent = false) {
      const begun = ahead.get(sessionId);
      ahead.delete(sessionId);
      return begun !== undefined && !consistent
        ? begun
        : unwrap(getSession({ path, query: { consistent } }));
    },
    async save({ key, stage, revision, body }) {
      const { data, response } = await answered(
        saveStage({
          path: { ...path, stage },
          body: body as Drafts[typeof stage],
          headers: { "idempotency-key": key, "if-match": `"${revision}"` },
          signal: AbortSignal.timeout(LONGEST_SAVE),
        }),
      );
      if (data === undefined) throw new ApiProblem(response.status, "empty", {});
      const isReplay = response.headers.get("Idempotent-Replayed") === "true";
      return { view: data as SessionView, isReplay };
    },
    saveLast({ key, stage, revision, body }) {
      const request = fetch(`/v1/sessions/${sessionId}/stages/${stage}`, {
        method: "PATCH",
        keepalive: true,
        headers: {
          Authorization: `Bearer ${currentToken()}`,
          "Content-Type": "application/json",
          "Idempotency-Key": key,
          "If-Match": `"${revision}"`,
        },
        body: JSON.stringify(body),
      });
      request.catch(() => undefined);
    },
    async actions() {
      const { items } = await unwrap(listActions({ path, query: { limit: ACTIONS } }));
      return items as readonly ListedAction[];
    },
  };
}

/** The current view in a problem, if it has one. */
export function viewIn(problem: unknown): SessionView | null {
  return problem instanceof ApiProblem ? (problem.problem.session ?? null) : null;
}
