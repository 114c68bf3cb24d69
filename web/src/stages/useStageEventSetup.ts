import { useWizard } from "../api/wizard";
import type { When } from "../fields/WhenField";
import { useStageForm } from "./useStageForm";
import { useTextFields } from "./useTextFields";

/** The stage Event: what it is, and when. */
export function useStageEventSetup() {
  const form = useStageForm("eventSetup");
  const text = useTextFields("eventSetup", form);
  const wizard = useWizard();
  return {
    form,
    text,
    limits: wizard?.limits,
    when: {
      field: (name: keyof When) => form.field(`/${name}`),
      value: form.data as When,
      defaultZone: wizard?.default_timezone ?? "America/New_York",
      onChange: (patch: When) => form.change(patch),
    },
  };
}
