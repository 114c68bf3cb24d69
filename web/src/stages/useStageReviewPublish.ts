import { useCallback, useEffect, useRef, useState } from "react";

import { ApiProblem } from "../api/client";
import type { Check, FieldError } from "../api/generated";
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
  const { looked, problem, look } = useChecks();
  const { publish, isPublishing, refusal } = usePublish(look);
  return {
    form,
    /** Null until the first look. */
    checks: looked?.checks ?? null,
    lookedAt: looked?.at ?? null,
    blocking: withoutRepeats(looked?.checks ?? []).filter(({ severity }) => severity === "block"),
    warnings: looked?.checks.filter(({ severity }) => severity === "warn") ?? [],
    hasAcceptedTerms: state.session?.stages.reviewPublish.valid ?? false,
    /** Why the last look at the checks failed. */
    problem,
    look,
    publish,
    isPublishing,
    /** Why the API did not begin to publish. */
    refusal,
  };
}

/** The only error of a stage may have a check of its own: then it is listed once. */
function withoutRepeats(checks: readonly Check[]): Check[] {
  const isRepeated = ({ code, stage, params }: Check) => {
    if (code !== "stage_invalid" || params?.["errors"] !== 1) return false;
    const { pointer } = params["first"] as FieldError;
    return checks.some(
      (other) => other.code !== code && other.stage === stage && other.pointer === pointer,
    );
  };
  return checks.filter((check) => !isRepeated(check));
}

export type ReviewStage = ReturnType<typeof useStageReviewPublish>;

function useChecks() {
  const { session, checks: readChecks } = useSession();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const newest = useRef(0);
  const revision = session?.revision;

  const look = useCallback(async () => {
    newest.current += 1;
    const number = newest.current;
    try {
      const checks = await readChecks();
      // Answers may overtake each other.
      if (number !== newest.current) return;
      setLooked({ checks, at: new Date() });
      setProblem(null);
    } catch (failure) {
      if (!(failure instanceof ApiProblem)) throw failure;
      if (number === newest.current) setProblem(failure);
    }
  }, [readChecks]);

  // Each change, of anybody, may change what the checks find.
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision is why
  useEffect(() => {
    void look();
  }, [look, revision]);

  return { looked, problem, look };
}

function usePublish(look: () => Promise<void>) {
  const { publish: request } = useSession();
  const [isPublishing, setPublishing] = useState(false);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  // State would come too late for the second of two clicks.
  const isRequested = useRef(false);

  async function publish(at?: Date): Promise<void> {
    if (isRequested.current) return;
    isRequested.current = true;
    setPublishing(true);
    setRefusal(null);
    try {
      await request(at);
    } catch (failure) {
      if (!(failure instanceof ApiProblem)) throw failure;
      setRefusal(failure);
      await look();
    } finally {
      isRequested.current = false;
      setPublishing(false);
    }
  }

  return { publish, isPublishing, refusal };
}
