import { type FormEvent, useState } from "react";

import { navigate } from "../../app/router";
import { Checkbox } from "../../fields/ChoiceField";
import { enterControl } from "../../parts/enterControl";
import { Note } from "../../parts/Note";
import { StageFrame } from "../../parts/StageFrame";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { type ReviewStage, useStageReviewPublish } from "../useStageReviewPublish";
import { CheckLists, pathToCheck } from "./CheckLists";
import { NotPublished } from "./NotPublished";
import { Refusal } from "./Refusal";
import { WHEN_ID, WhenPublic } from "./WhenPublic";

/** The last look before it goes public; also after a publication that failed. */
export function Review() {
  const { review } = useTexts();
  const state = useSession();
  const { session } = state;
  const stage = useStageReviewPublish();
  const { form, checks, blocking, problem } = stage;
  const when = usePublicationTime(stage);
  const [first] = blocking;
  const hasFailed = session?.publication.state === "failed";

  async function publish(event: FormEvent) {
    event.preventDefault();
    if (first !== undefined) navigate(pathToCheck(state, first));
    else if (when.check()) await stage.publish(when.moment);
    else enterControl(WHEN_ID);
  }

  function label(): string {
    if (stage.isPublishing) return review.publishing;
    if (first?.code === "terms_not_accepted") return review.accept;
    if (first !== undefined) return review.correct(blocking.length);
    if (when.value !== null) return review.schedule;
    return hasFailed ? review.tryAgain : review.publish;
  }

  const isReady = checks !== null && first === undefined;
  return (
    <StageFrame
      stage="reviewPublish"
      form={form}
      question={
        checks === null
          ? review.checking
          : first === undefined
            ? review.clear
            : review.blocked(blocking.length)
      }
      lead={review.lead}
      onSubmit={publish}
      action={
        <button
          type="submit"
          form="stage-form"
          className={isReady ? "button publish" : "button line"}
        >
          {label()}
        </button>
      }
    >
      {hasFailed && <NotPublished publication={session.publication} />}
      <Refusal {...stage} />
      {problem !== null && checks === null && (
        <Note kind="offline" icon="offline" title={review.unreachable}>
          <button type="button" className="text-button" onClick={stage.look}>
            {review.tryAgain}
          </button>
        </Note>
      )}
      {checks !== null && <CheckLists {...stage} />}
      <WhenPublic value={when.value} onChange={when.change} error={when.error} />
      <div className="terms">
        <Checkbox
          field={form.field("/acceptedTerms")}
          checked={form.data.acceptTerms ?? stage.hasAcceptedTerms}
          onChange={(acceptTerms) => form.change({ acceptTerms })}
        >
          {review.terms}
        </Checkbox>
      </div>
    </StageFrame>
  );
}

/** The time that the person chooses. It is checked when it is to be used. */
function usePublicationTime({ refusal }: ReviewStage) {
  const texts = useTexts();
  const { review } = texts;
  const [value, setValue] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const refused = refusal?.problem.errors?.find(({ pointer }) => pointer === "/publish_at");

  function check(): boolean {
    const found = value === null ? null : value === "" ? review.noTime : pastTime(value);
    setError(found);
    return found === null;
  }

  function pastTime(time: string): string | null {
    return Date.parse(time) > Date.now() ? null : review.pastTime;
  }

  return {
    value,
    change: (changed: string | null) => {
      setValue(changed);
      setError(null);
    },
    check,
    error: error ?? (refused ? texts.check(refused) : null),
    moment: value ? new Date(value) : undefined,
  };
}
