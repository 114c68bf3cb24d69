/** Fields of a row, as the fields of `fields/` take them. */

import { type FieldState, fieldId } from "../../fields/field";
import type { Json } from "../../session/json";
import type { ValueRow } from "./rows";

export interface RowEditorProps {
  row: ValueRow;
  onChange: (key: string, value: Json) => void;
}

/** Binds a field of `fields/` to a field of the row, which may have none of this key yet. */
export function bound<Value extends Json = string>({ row, onChange }: RowEditorProps, key: string) {
  const found = row.fields.find((field) => field.key === key);
  return {
    field: fieldState(key),
    value: found?.value as Value | null | undefined,
    onChange: (value: Value | null) => onChange(key, value),
  };
}

/** No errors: the API says what is wrong once the event is begun. */
export function fieldState(key: string): FieldState {
  return {
    id: fieldId(`/understood/${key}`),
    error: null,
    saved: false,
    fresh: false,
    disabled: false,
    onBlur: () => undefined,
  };
}

export function optionsOf<Value extends string>(labels: Readonly<Record<Value, string>>) {
  return Object.entries<string>(labels).map(([value, label]) => ({ value: value as Value, label }));
}
