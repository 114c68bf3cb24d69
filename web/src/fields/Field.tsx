import type { ReactNode } from "react";

import { Icon } from "../look/Icon";
import { useTexts } from "../texts";
import type { FieldState } from "./field";

interface FieldProps {
  field: FieldState;
  label: string;
  hint?: ReactNode;
  optional?: boolean;
  /** Characters so far, and at most; shown from half of it on. */
  count?: readonly [number, number];
  children: ReactNode;
}

/** A control with its label above, and its hint or error below. */
export function Field({ field, label, hint, optional = false, count, children }: FieldProps) {
  return (
    <div className="field">
      <label className="field-label" htmlFor={field.id}>
        <LabelText {...{ field, label, optional, count }} />
      </label>
      {children}
      <About field={field} hint={hint} />
    </div>
  );
}

/** Several controls that answer one question. The error stands below all of them. */
export function FieldGroup({ field, label, hint, optional = false, children }: FieldProps) {
  return (
    <fieldset
      className="field"
      id={field.id}
      tabIndex={-1}
      aria-describedby={field.error !== null || hint ? `${field.id}-about` : undefined}
    >
      <legend className="field-label mb-1.5">
        <LabelText {...{ field, label, optional, count: undefined }} />
      </legend>
      {children}
      <About field={field} hint={hint} />
    </fieldset>
  );
}

interface LabelTextProps {
  field: FieldState;
  label: string;
  optional: boolean;
  count: readonly [number, number] | undefined;
}

function LabelText({ field, label, optional, count }: LabelTextProps) {
  const texts = useTexts();
  const shown = count !== undefined && 2 * count[0] >= count[1] ? count : null;
  return (
    <>
      {label}
      {optional && <span className="optional">{texts.common.optional}</span>}
      {field.saved ? (
        <span className="saved">
          <Icon name="tick" small />
          {texts.common.savedField}
        </span>
      ) : (
        shown !== null && (
          <span className="count numeric">{texts.common.countOf(shown[0], shown[1])}</span>
        )
      )}
    </>
  );
}

/** The error of a field, or of a list that has no control of its own; nothing without one. */
export function FieldError({ field }: { field: FieldState }) {
  const texts = useTexts();
  if (field.error === null) return null;
  return (
    <p className="field-error" id={`${field.id}-about`}>
      <Icon name="alert" small />
      <span>{texts.error(field.error)}</span>
    </p>
  );
}

function About({ field, hint }: { field: FieldState; hint: ReactNode }) {
  if (field.error !== null) return <FieldError field={field} />;
  if (!hint) return null;
  return (
    <p className="hint" id={`${field.id}-about`}>
      {hint}
    </p>
  );
}
