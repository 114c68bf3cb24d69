import { type Ref, useId } from "react";

import type { StageErrorView } from "../api/generated";
import { navigate } from "../app/router";
import { fieldId } from "../fields/field";
import { Icon } from "../look/Icon";
import { useTexts } from "../texts";
import { elementName } from "./elementName";
import { enterControl } from "./enterControl";

interface ErrorSummaryProps {
  errors: readonly StageErrorView[];
  /** The data of the form, which has the names of list elements. */
  data: unknown;
  ref?: Ref<HTMLDivElement>;
}

/** Every error of a form, each with a link into its field. Focus moves to it on Continue. */
export function ErrorSummary({ errors, data, ref }: ErrorSummaryProps) {
  const { common, error: sentence } = useTexts();
  const heading = useId();
  if (errors.length === 0) return null;
  return (
    <div
      className="note error-summary"
      role="alert"
      tabIndex={-1}
      ref={ref}
      aria-labelledby={heading}
    >
      <Icon name="alert" />
      <h2 id={heading}>{common.toCorrect(errors.length)}</h2>
      <ul className="note-body">
        {errors.map((error) => (
          <li key={`${error.pointer} ${error.code}`}>
            <a href={`#${fieldId(error.pointer)}`} onClick={(event) => enter(event, error.pointer)}>
              {of(elementName(data, error.pointer))}
              {sentence(error)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Says first which element of a list it is about. */
function of(name: string | null): string {
  return name === null ? "" : `${name}: `;
}

function enter(event: React.MouseEvent, pointer: string): void {
  event.preventDefault();
  // A field in a row that is closed: the list opens it, and `useFragmentFocus` focuses the field.
  if (!enterControl(fieldId(pointer))) navigate(`#${fieldId(pointer)}`, { replace: true });
}
