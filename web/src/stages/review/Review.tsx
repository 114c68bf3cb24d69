import { type FormEvent, useRef, useState } from "react";

import { navigate } from "../../app/router";
import { Checkbox } from "../../fields/ChoiceField";
import { Note } from "../../parts/Note";
import { StageFrame } from "../../parts/StageFrame";
import { useSession } from "../../session/SessionContext";
import { useTexts } from "../../texts";
import { useStageReviewPublish } from "../useStageReviewPublish";
import { CheckLists, pathToCheck } from "./CheckLists";

/** The last look before it goes public. */
export function Review() {
  const { review } = useTexts();
  const { session, sessionId } = useSession();
  const stage = useStageReviewPublish();
  const { form, checks, blocking, problem } = stage;
  const [at, setAt] = useState<string | null>(null);
  const isPublishing = useRef(false);
  const first = blocking[0];
  const publicationError = session?.publication.error;

  async function publish(event: FormEvent) {
    event.preventDefault();
    if (first !== undefined) {
      navigate(pathToCheck(sessionId, first));
      return;
    }
    // A second click joins the first one at the API, too.
    if (isPublishing.current) return;
    isPublishing.current = true;
    await stage.publish(at ? new Date(at) : undefined);
    isPublishing.current = false;
  }

  const question =
    checks === null
      ? review.checking
      : blocking.length === 0
        ? review.clear
        : review.blocked(blocking.length);
  const isReady = checks !== null && blocking.length === 0;
  return (
    <StageFrame
      stage="reviewPublish"
      form={form}
      question={question}
      lead={review.lead}
      onSubmit={publish}
      action={
        <button
          type="submit"
          form="stage-form"
          className={isReady ? "button publish" : "button line"}
        >
          {first !== undefined ? review.correct : at === null ? review.publish : review.schedule}
        </button>
      }
    >
      {publicationError && session?.publication.state === "failed" && (
        <Note kind="wrong" icon="alert" title={review.failed}>
          <p>
            {publicationError.message} {review.failedSentence}
          </p>
        </Note>
      )}
      {problem !== null && checks === null && (
        <Note kind="offline" icon="offline" title={review.unreachable}>
          <button type="button" className="text-button" onClick={stage.look}>
            {review.tryAgain}
          </button>
        </Note>
      )}
      {checks !== null && <CheckLists {...stage} />}
      <WhenPublic value={at} onChange={setAt} />
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

interface WhenPublicProps {
  /** A local time of the person; null for "now". */
  value: string | null;
  onChange: (value: string | null) => void;
}

function WhenPublic({ value, onChange }: WhenPublicProps) {
  const { review } = useTexts();
  return (
    <fieldset className="field publish-form">
      <legend className="field-label mb-0.5">{review.when}</legend>
      <label className="checkbox">
        <input
          type="radio"
          name="when-public"
          checked={value === null}
          onChange={() => onChange(null)}
        />
        <span>{review.now}</span>
      </label>
      <label className="checkbox">
        <input
          type="radio"
          name="when-public"
          checked={value !== null}
          onChange={() => onChange("")}
        />
        <span>{review.later}</span>
      </label>
      {value !== null && (
        <label className="field">
          <span className="field-label">{review.at}</span>
          <input
            className="input"
            type="datetime-local"
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        </label>
      )}
    </fieldset>
  );
}
