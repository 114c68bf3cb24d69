import type { ReactNode } from "react";

import { Field } from "./Field";
import { controlAttributes, type FieldState } from "./field";

interface TimeFieldProps {
  field: FieldState;
  label: string;
  type: "date" | "time" | "datetime-local";
  value: string | null | undefined;
  onChange: (value: string) => void;
  hint?: ReactNode;
  optional?: boolean;
}

/** A date, a time, or both, by the browser's own control. */
export function TimeField({ type, value, onChange, ...props }: TimeFieldProps) {
  const { field, hint } = props;
  return (
    <Field {...props}>
      <input
        {...controlAttributes(field, Boolean(hint))}
        className={field.fresh ? "input fresh" : "input"}
        type={type}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
