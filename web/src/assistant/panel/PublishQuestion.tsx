import "../../look/components/review.css";

import { type FormEvent, useEffect, useId, useState } from "react";

import { navigate, onNavigation } from "../../app/router";
import { Checkbox } from "../../fields/ChoiceField";
import { Icon } from "../../look/Icon";
import { Dialog } from "../../parts/Dialog";
import { enterControl } from "../../parts/enterControl";
import type { Json } from "../../session/json";
import { useSession } from "../../session/SessionContext";
import { CheckList, pathToCheck } from "../../stages/review/CheckLists";
import { useStageReviewPublish } from "../../stages/useStageReviewPublish";
import { useTexts } from "../../texts";
import { dateAndTime, longDate, timeOfDay } from "../../texts/format";
import { valueWords } from "../../texts/places";
import { cityOf } from "../../texts/zones";
import type { Conversation, Question } from "../types";

interface PublishQuestionProps {
  question: Extract<Question, { kind: "publish" }>;
  answer: Conversation["answer"];
  /** A link leads to what is to be corrected. */
  onLeave: () => void;
}

/** What would be published and when, what blocks it, and the terms. Only the person confirms. */
export function PublishQuestion({ question, answer, onLeave }: PublishQuestionProps) {
  const { review, assistant } = useTexts();
  const state = useSession();
  const heading = useId();
  const terms = useId();
  const { form, checks, blocking, warnings, hasAcceptedTerms, problem, look } =
    useStageReviewPublish();
  const [isTermsMissing, setTermsMissing] = useState(false);
  const isAccepted = form.data.acceptTerms ?? hasAcceptedTerms;
  // The terms are accepted here.
  const open = blocking.filter(({ stage }) => stage !== "reviewPublish");
  const [first] = open;
  const isReady = checks !== null && first === undefined && isAccepted;
  const decline = () => answer(question, { confirmed: false });
  useNavigation(() => {
    decline();
    onLeave();
  });

  function confirm(event: FormEvent) {
    event.preventDefault();
    if (first !== undefined) navigate(pathToCheck(state, first));
    else if (!isAccepted) {
      setTermsMissing(true);
      enterControl(terms);
    } else if (isReady) answer(question, { confirmed: true });
    else void look();
  }

  function label(): string {
    if (first !== undefined) return review.correct(open.length);
    return question.publishAt === null ? review.publish : review.schedule;
  }

  return (
    <Dialog open onClose={decline} labelledBy={heading} className="dialog publish-question">
      <form noValidate onSubmit={confirm}>
        <Title id={heading} />
        <Facts publishAt={question.publishAt} />
        {checks === null && (
          <p className="secondary">{problem === null ? review.checking : review.unreachable}</p>
        )}
        {open.length > 0 && (
          <CheckList heading={review.blocking(open.length)} checks={open} kind="blocking" />
        )}
        {warnings.length > 0 && (
          <CheckList heading={review.warnings(warnings.length)} checks={warnings} kind="warn" />
        )}
        <div className="terms">
          <Checkbox
            field={{
              ...form.field("/acceptedTerms"),
              id: terms,
              error:
                isTermsMissing && !isAccepted
                  ? { pointer: "/acceptedTerms", code: "missing", message: "" }
                  : null,
            }}
            checked={isAccepted}
            onChange={(acceptTerms) => form.change({ acceptTerms })}
          >
            {review.terms}
          </Checkbox>
          {isTermsMissing && !isAccepted && (
            <p className="field-error" id={`${terms}-about`}>
              <Icon name="alert" small />
              <span>{assistant.publish.toAccept}</span>
            </p>
          )}
        </div>
        <div className="acts">
          <button type="submit" className={isReady ? "button publish" : "button line"}>
            {label()}
          </button>
          <button type="button" className="button line" onClick={decline}>
            {assistant.publish.decline}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The links of the dialog lead to what is to be corrected, and so does the browser's own way back. */
function useNavigation(leave: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the same answer at each render
  useEffect(() => onNavigation(leave), []);
}

function Title({ id }: { id: string }) {
  const { publish } = useTexts().assistant;
  const { title } = useSession().data("eventSetup");
  return (
    <h2 className="heading-2 hyphens" id={id}>
      {title ? publish.question(title) : publish.untitled}
    </h2>
  );
}

/** The date and the prices as guests will read them, and when it goes public. */
function Facts({ publishAt }: { publishAt: string | null }) {
  const texts = useTexts();
  const { assistant, proof, language } = texts;
  const { data } = useSession();
  const { date, endDate, startTime, endTime, timezone } = data("eventSetup");
  const { tiers, currency } = data("ticketSetup");
  const days = date && longDate(date, language);
  const lastDay = endDate && date && endDate > date ? longDate(endDate, language) : null;
  const [start, end] = [startTime, endTime].map((time) => time && timeOfDay(time, language));
  const hours = start && end ? proof.fromTo(start, end) : start;
  const place = timezone ? cityOf(timezone) : null;
  return (
    <dl>
      <dt>{assistant.publish.when}</dt>
      <dd>
        <b>{days ? lastDay ? proof.fromTo(days, lastDay) : days : <Missing name={proof.date} />}</b>
        <span className="block">
          {hours ? [hours, place].filter(Boolean).join(", ") : <Missing name={proof.hours} />}
        </span>
      </dd>
      <dt>{texts.stages.names.ticketSetup}</dt>
      <dd>
        {(tiers ?? []).map((tier, index) => (
          <span className="block" key={tier.id ?? index}>
            {valueWords(
              texts,
              "ticketSetup",
              "/tiers/tier",
              tier as { [name: string]: Json },
              currency || "usd",
            )}
          </span>
        ))}
        {!tiers?.length && <Missing name={assistant.publish.noTickets} />}
      </dd>
      <dt>{assistant.publish.goesPublic}</dt>
      <dd>
        {publishAt === null ? assistant.publish.now : dateAndTime(new Date(publishAt), language)}
      </dd>
    </dl>
  );
}

function Missing({ name }: { name: string }) {
  return <span className="basted">{name}</span>;
}
