import type { StageErrorView } from "../api/generated";

/** What a field needs to know beside its value. `useStageForm(stage).field(pointer)` makes it. */
export interface FieldState {
  /** The id of the control; error links lead to it. */
  id: string;
  error: StageErrorView | null;
  /** It reached the API in the last two seconds. */
  saved: boolean;
  /** Another person or the assistant has just written it. */
  fresh: boolean;
  /** The session takes no changes. */
  disabled: boolean;
  /** Errors of a field are shown once the person has left it. */
  onBlur: () => void;
}

/** The id of a field's control, from its JSON pointer. */
export function fieldId(pointer: string): string {
  return `field${pointer.replaceAll("/", "-")}`;
}

/** Attributes that a control takes from its field. */
export function controlAttributes(field: FieldState, hasHint: boolean) {
  const described = field.error !== null || hasHint ? `${field.id}-about` : undefined;
  return {
    id: field.id,
    onBlur: field.onBlur,
    readOnly: field.disabled,
    "aria-invalid": field.error !== null || undefined,
    "aria-describedby": described,
  };
}
