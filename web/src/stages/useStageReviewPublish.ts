import { useCallback, useEffect, useState } from "react";

import { ApiProblem } from "../api/client";
import type { Check } from "../api/generated";
import { useSession } from "../session/SessionContext";
import { useStageForm } from "./useStageForm";

interface Looked {
  checks: readonly Check[];
  at: Date;
}

/** The stage Review: the checks, the terms, and publishing. */
export function useStageReviewPublish() {
  const form = useStageForm("reviewPublish");
  const state = useSession();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const revision = state.session?.revision;
  const { checks: readChecks } = state;

  const look = useCallback(async () => {
    try {
      setLooked({ checks: await readChecks(), at: new Date() });
      setProblem(null);
    } catch (failure) {
      if (failure instanceof ApiProblem) setProblem(failure);
      else throw failure;
    }
  }, [readChecks]);

  // Each change, of anybody, may change what the checks find.
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision is why
  useEffect(() => {
    void look();
  }, [look, revision]);

  const publish = async (at?: Date) => {
    try {
      await state.publish(at);
      setProblem(null);
    } catch (failure) {
      if (!(failure instanceof ApiProblem)) throw failure;
      setProblem(failure);
      await look();
    }
  };

  return {
    form,
    checks: looked?.checks ?? null,
    lookedAt: looked?.at ?? null,
    blocking: looked?.checks.filter(({ severity }) => severity === "block") ?? [],
    warnings: looked?.checks.filter(({ severity }) => severity === "warn") ?? [],
    hasAcceptedTerms: state.session?.stages.reviewPublish.valid ?? false,
    problem,
    look,
    publish,
  };
}

export type ReviewStage = ReturnType<typeof useStageReviewPublish>;
