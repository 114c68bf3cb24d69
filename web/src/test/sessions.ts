import type { SessionView } from "../api/generated";
import type { WizardState } from "../session/types";
import type { Drafts, Stage } from "../stages/stages";
import { STAGES } from "../stages/stages";

type SomeDrafts = { [S in Stage]?: Drafts[S] };

/** A session's view whose stages are all valid, but for what is given. */
export function viewWith(changes: object = {}, invalid: readonly Stage[] = []): SessionView {
  const stages = Object.fromEntries(
    STAGES.map((stage) => [stage, { valid: !invalid.includes(stage), errors: [], data: {} }]),
  );
  const view = {
    session_id: "s",
    revision: 7,
    event_id: null,
    payments: { status: "not_connected" },
    publication: { state: "none", steps: [] },
    stages,
  };
  return { ...view, ...changes } as unknown as SessionView;
}

/** The state of a session for components; what a test does not give must not be used. */
export function sessionWith(
  drafts: SomeDrafts,
  state: Partial<WizardState> = {},
  session: SessionView = viewWith(),
): WizardState {
  return {
    sessionId: "s",
    session,
    saveState: { kind: "saved", at: null },
    data: (stage: Stage) => drafts[stage] ?? {},
    errors: () => [],
    keyOf: (id: string) => id,
    wasSaved: () => false,
    isFresh: () => false,
    ...state,
  } as unknown as WizardState;
}
