import { useRef, useState } from "react";

import { ApiProblem } from "../api/client";
import type { SessionView, StageErrorView } from "../api/generated";
import { type FieldState, fieldId } from "../fields/field";
import { useSession } from "../session/SessionContext";
import type { Drafts, Stage } from "./stages";

/** The form of one stage. */
export interface StageForm<S extends Stage> {
  data: Drafts[S];
  change(patch: Partial<Drafts[S]>): void;
  /** Everything that a field of `fields/` needs, by its JSON pointer, such as `/tiers/0/name`. */
  field(pointer: string): FieldState;
  /** Every error of the stage. */
  errors: readonly StageErrorView[];
  /** The errors that are shown: of fields that the person has left, and all after Continue. */
  shownErrors: readonly StageErrorView[];
  /** The session takes no changes. */
  disabled: boolean;
  /** The person has pressed Continue, and errors are shown in a summary. */
  isSubmitted: boolean;
  /** Completes the stage. Null, with all errors shown, if it is not valid. */
  submit(): Promise<SessionView | null>;
}

export function useStageForm<S extends Stage>(stage: S): StageForm<S> {
  const state = useSession();
  const left = useRef(new Set<string>());
  const [, render] = useState(0);
  const [isSubmitted, setSubmitted] = useState(false);
  const errors = state.errors(stage);
  const disabled = state.saveState.kind === "closed";

  function isShown(error: StageErrorView): boolean {
    return isSubmitted || (error.code !== "missing" && left.current.has(error.pointer));
  }

  function field(pointer: string): FieldState {
    return {
      id: fieldId(pointer),
      error: errors.find((error) => error.pointer === pointer && isShown(error)) ?? null,
      saved: state.wasSaved(stage, pointer),
      fresh: state.isFresh(stage, pointer),
      disabled,
      onBlur: () => {
        left.current.add(pointer);
        render((count) => count + 1);
      },
    };
  }

  async function submit(): Promise<SessionView | null> {
    setSubmitted(true);
    try {
      return await state.completeStage(stage);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (problem.code === "stage_incomplete") return null;
      if (problem.code === "stage_mismatch") return completeFromAfar();
      // What was typed is saved or kept on this device, and the other stages can be filled in.
      return state.session;
    }
  }

  /** The session is still at an earlier stage: people fill in the stages in any order. */
  async function completeFromAfar(): Promise<SessionView | null> {
    try {
      const view = await state.refresh();
      if (!view.stages[stage].valid) return null;
      await state.moveToStage(stage);
      return await state.completeStage(stage);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      return state.session;
    }
  }

  return {
    data: state.data(stage),
    change: (patch) => state.change(stage, patch),
    field,
    errors,
    shownErrors: errors.filter(isShown),
    disabled,
    isSubmitted,
    submit,
  };
}
