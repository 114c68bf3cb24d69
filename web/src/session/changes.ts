import { unwrap, viewOf } from "../api/client";
import {
  abandonSession,
  cancelPublication,
  completeStage,
  connectPayments,
  disconnectPayments,
  type Event,
  getChecks,
  moveToStage,
  publish,
  restore,
  type SessionView,
} from "../api/generated";
import type { Stage } from "../stages/stages";
import type { SessionStore } from "./SessionStore";
import { sessionApi } from "./sessionApi";
import type { WizardState } from "./types";

type Changes = Pick<
  WizardState,
  | "completeStage"
  | "moveToStage"
  | "checks"
  | "connectPayments"
  | "disconnectPayments"
  | "publish"
  | "cancelPublication"
  | "abandon"
  | "restore"
  | "refresh"
>;

/** The requests that change a session otherwise than by saving; each sends unsent text before. */
export function changesOf(sessionId: string, store: SessionStore): Changes {
  const path = { session_id: sessionId };
  const api = sessionApi(sessionId);

  async function answerTo<Result>(request: Promise<Result>): Promise<Result> {
    try {
      return await request;
    } catch (problem) {
      store.meet(problem);
      throw problem;
    }
  }

  /** The answer to a request that comes after what was typed. It has a key of its own. */
  async function asked<Result>(request: (key: string) => Promise<Result>): Promise<Result> {
    await store.flush();
    return answerTo(request(crypto.randomUUID()));
  }

  /** The view of a change, which the page shows at once. */
  async function changed(request: (key: string) => Promise<SessionView>): Promise<SessionView> {
    const view = await asked(request);
    store.receive(view);
    return view;
  }

  async function publishNow(at?: Date): Promise<Event | null> {
    const body = at === undefined ? {} : { publish_at: at.toISOString() };
    const answer = await asked((key) => unwrap(publish({ path, body, headers: keyed(key) })));
    store.receive(await api.read(true));
    return "slug" in answer ? answer : null;
  }

  return {
    completeStage: (stage: Stage) =>
      changed((key) =>
        viewOf(completeStage({ path: { ...path, stage }, body: {}, headers: keyed(key) })),
      ),
    moveToStage: (to_stage: Stage) =>
      changed((key) => {
        const from_stage = store.snapshot().view?.current_stage ?? to_stage;
        const body = { from_stage, to_stage };
        return viewOf(moveToStage({ path, body, headers: keyed(key) }));
      }),
    checks: async () => (await asked(() => unwrap(getChecks({ path })))).checks,
    connectPayments: () => {
      const here = location.origin + location.pathname;
      const body = { return_url: here, refresh_url: here };
      return asked((key) => unwrap(connectPayments({ path, body, headers: keyed(key) })));
    },
    disconnectPayments: () =>
      changed((key) => viewOf(disconnectPayments({ path, headers: keyed(key) }))),
    publish: publishNow,
    cancelPublication: () =>
      changed((key) => viewOf(cancelPublication({ path, headers: keyed(key) }))),
    abandon: () => changed((key) => viewOf(abandonSession({ path, headers: keyed(key) }))),
    restore: (revision) =>
      changed((key) => viewOf(restore({ path, body: { revision }, headers: keyed(key) }))),
    refresh: async () => {
      const view = await answerTo(api.read(true));
      store.receive(view);
      return view;
    },
  };
}

function keyed(key: string) {
  return { "idempotency-key": key };
}
