import type { ReactNode } from "react";

import { Field, FieldGroup } from "./Field";
import { controlAttributes, type FieldState } from "./field";

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

interface ChoiceProps<Value extends string> {
  field: FieldState;
  label: string;
  options: readonly Option<Value>[];
  value: Value | null | undefined;
  onChange: (value: Value) => void;
  hint?: ReactNode;
  optional?: boolean;
}

/** Two to four choices in a row of radio buttons. */
export function SegmentedField<Value extends string>(props: ChoiceProps<Value>) {
  const { field, options, value, onChange } = props;
  return (
    <FieldGroup {...props}>
      <div
        className={options.length === 4 ? "segmented four" : "segmented"}
        style={{ "--n": options.length } as React.CSSProperties}
      >
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={field.id}
              checked={option.value === value}
              disabled={field.disabled}
              onBlur={field.onBlur}
              aria-invalid={field.error !== null || undefined}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

interface SelectProps<Value extends string> extends ChoiceProps<Value> {
  /** The text of no choice, if that is possible. */
  empty?: string;
  /** The person comes to the field. */
  onVisit?: () => void;
}

/** Five or more choices. */
export function SelectField<Value extends string>({
  empty,
  onVisit,
  ...props
}: SelectProps<Value>) {
  const { field, options, value, onChange, hint } = props;
  const { readOnly, ...attributes } = controlAttributes(field, Boolean(hint));
  // A draft may have a value that is none of them. The browser would show the first one instead.
  const chosen = options.find((option) => option.value === value)?.value;
  return (
    <Field {...props}>
      <select
        {...attributes}
        disabled={readOnly}
        className={field.fresh ? "select fresh" : "select"}
        value={chosen ?? ""}
        onPointerDown={onVisit}
        onFocus={onVisit}
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {(empty !== undefined || chosen === undefined) && <option value="">{empty ?? ""}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface CheckboxProps {
  field: FieldState;
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** Yes or no. The whole row is the label. */
export function Checkbox({ field, checked, onChange, children }: CheckboxProps) {
  const { readOnly, ...attributes } = controlAttributes(field, false);
  return (
    <label className="checkbox">
      <input
        {...attributes}
        type="checkbox"
        disabled={readOnly}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
