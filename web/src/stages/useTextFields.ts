import { limitOf, useWizard } from "../api/wizard";
import type { FieldState } from "../fields/field";
import type { Drafts, Stage } from "./stages";
import type { StageForm } from "./useStageForm";

/** What a text field of `fields/` takes for one field of a stage. */
export interface TextBinding {
  field: FieldState;
  value: string | null | undefined;
  onChange: (value: string) => void;
  limit?: number;
}

/** The names of a draft's fields that hold text. */
export type TextName<S extends Stage> = {
  [Name in keyof Drafts[S]]-?: NonNullable<Drafts[S][Name]> extends string ? Name : never;
}[keyof Drafts[S]] &
  string;

/** `text("title")` binds a text field to the field `title` of the stage. */
export function useTextFields<S extends Stage>(stage: S, form: StageForm<S>) {
  const wizard = useWizard();
  return (name: TextName<S>): TextBinding => {
    const limit = limitOf(wizard, stage, `/${name}`);
    return {
      field: form.field(`/${name}`),
      value: form.data[name] as string | null | undefined,
      onChange: (value) => form.change({ [name]: value } as Partial<Drafts[S]>),
      ...(limit !== undefined && { limit }),
    };
  };
}
