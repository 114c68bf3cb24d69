import { useTexts } from "../../texts";
import type { Conversation, Question } from "../types";

interface ConnectQuestionProps {
  question: Extract<Question, { kind: "connectPayments" }>;
  answer: Conversation["answer"];
}

/** Whether the page may leave for Stripe. */
export function ConnectQuestion({ question, answer }: ConnectQuestionProps) {
  const { connect } = useTexts().assistant;
  return (
    <ul className="changes">
      <li className="left notch">
        <i aria-hidden="true" />
        <span>
          <b>{connect.question}</b> {connect.sentence}
        </span>
        <span className="pick">
          <button
            type="button"
            className="button"
            onClick={() => answer(question, { confirmed: true })}
          >
            {connect.confirm}
          </button>
          <button
            type="button"
            className="button line"
            onClick={() => answer(question, { confirmed: false })}
          >
            {connect.decline}
          </button>
        </span>
      </li>
    </ul>
  );
}
