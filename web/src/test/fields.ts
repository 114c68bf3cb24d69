import type { StageErrorView } from "../api/generated";
import { type FieldState, fieldId } from "../fields/field";

/** The state of a field as a stage gives it, without an error unless it is given. */
export function fieldState(pointer: string, state: Partial<FieldState> = {}): FieldState {
  return {
    id: fieldId(pointer),
    error: null,
    saved: false,
    fresh: false,
    disabled: false,
    onBlur: () => undefined,
    ...state,
  };
}

export function fieldError(
  pointer: string,
  code: StageErrorView["code"],
  message = `${pointer} is wrong.`,
): StageErrorView {
  return { pointer, code, message };
}
