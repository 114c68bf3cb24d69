import { useEffect, useState } from "react";

import { ApiProblem, unwrap, viewOf } from "../api/client";
import {
  abandonSession,
  cancelPublication,
  completeStage,
  connectPayments,
  disconnectPayments,
  getChecks,
  getSession,
  moveToStage,
  publish,
  restore,
  type SessionView,
  saveStage,
} from "../api/generated";
import { type Drafts, SECTIONS, type Stage } from "../stages/stages";
import type { WizardState } from "./types";

/** Milliseconds of quiet before what was typed is sent. */
const QUIET = 1_000;

const key = () => ({ "idempotency-key": crypto.randomUUID() });

/** The state of a session, and everything that changes it. */
export function useWizardState(sessionId: string): WizardState {
  const [session, setSession] = useState<SessionView | null>(null);
  const [error, setError] = useState<ApiProblem | null>(null);
  const [unsent, setUnsent] = useState<Partial<Drafts>>({});
  const path = { session_id: sessionId };

  async function settle(call: Promise<SessionView>): Promise<SessionView> {
    try {
      const view = await call;
      setSession(view);
      setError(null);
      return view;
    } catch (failure) {
      if (failure instanceof ApiProblem) setError(failure);
      throw failure;
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each session
  useEffect(() => {
    void settle(viewOf(getSession({ path: { session_id: sessionId } }))).catch(() => {});
  }, [sessionId]);

  async function flush(): Promise<void> {
    for (const [stage, body] of Object.entries(unsent) as [Stage, Drafts[Stage]][]) {
      await settle(viewOf(saveStage({ path: { ...path, stage }, body, headers: key() })));
      setUnsent(({ [stage]: _sent, ...rest }) => rest);
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a second after the last change
  useEffect(() => {
    if (Object.keys(unsent).length === 0) return;
    const timer = setTimeout(() => void flush().catch(() => {}), QUIET);
    return () => clearTimeout(timer);
  }, [unsent]);

  const isClosed =
    session !== null && (!session.is_active || session.publication.state === "running");
  const change: WizardState["change"] = (stage, patch) =>
    setUnsent((before) => ({ ...before, [stage]: { ...before[stage], ...patch } }));

  return {
    sessionId,
    session,
    progress: session?.completion_percentage ?? 0,
    loading: session === null && error === null,
    error,
    isAuthenticated: true,
    saveState: isClosed
      ? { kind: "closed" }
      : Object.keys(unsent).length > 0
        ? { kind: "saving" }
        : { kind: "saved", at: session && new Date(session.updated_at) },
    conflicts: [],
    people: [],
    data: (stage) => ({ ...session?.stages[stage].data, ...unsent[stage] }) as Drafts[typeof stage],
    change,
    flush,
    errors: (stage) => session?.stages[stage].errors ?? [],
    wasSaved: () => false,
    isFresh: () => false,
    resolve: () => {},
    completeStage: async (stage) => {
      const body = { data: unsent[stage] ?? null };
      const view = await settle(
        viewOf(completeStage({ path: { ...path, stage }, body, headers: key() })),
      );
      setUnsent(({ [stage]: _sent, ...rest }) => rest);
      return view;
    },
    moveToStage: async (to_stage) => {
      const from_stage = session?.current_stage ?? "organizerSetup";
      return settle(viewOf(moveToStage({ path, body: { from_stage, to_stage }, headers: key() })));
    },
    checks: async () => (await unwrap(getChecks({ path }))).checks,
    connectPayments: () => {
      const here = location.href.split(/[?#]/)[0] ?? "";
      const body = { return_url: here, refresh_url: here };
      return unwrap(connectPayments({ path, body, headers: key() }));
    },
    disconnectPayments: () => settle(viewOf(disconnectPayments({ path, headers: key() }))),
    publish: async (at) => {
      const body = { publish_at: at?.toISOString() ?? null };
      const answer = await unwrap(publish({ path, body, headers: key() }));
      await settle(viewOf(getSession({ path })));
      return "slug" in answer ? answer : null;
    },
    cancelPublication: () => settle(viewOf(cancelPublication({ path, headers: key() }))),
    abandon: () => settle(viewOf(abandonSession({ path, headers: key() }))),
    restore: (revision) => settle(viewOf(restore({ path, body: { revision }, headers: key() }))),
    refresh: () => settle(viewOf(getSession({ path, query: { consistent: true } }))),
    updateStageData: async (section, data) => {
      const stage = section in SECTIONS ? SECTIONS[section as keyof typeof SECTIONS] : section;
      change(stage as Stage, data);
    },
    transitionStage: async (_from, to) => {
      await settle(
        viewOf(moveToStage({ path, body: { from_stage: _from, to_stage: to }, headers: key() })),
      );
    },
    publishEvent: async () => {
      const answer = await unwrap(publish({ path, body: {}, headers: key() }));
      return "slug" in answer ? answer : null;
    },
  };
}
