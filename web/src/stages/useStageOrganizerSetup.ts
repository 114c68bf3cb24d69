import type { Socials } from "../api/generated";
import { useStageForm } from "./useStageForm";
import { useTextFields } from "./useTextFields";

/** The stage Organizer: who invites. */
export function useStageOrganizerSetup() {
  const form = useStageForm("organizerSetup");
  const text = useTextFields("organizerSetup", form);
  return {
    form,
    text,
    social: (name: keyof Socials) => ({
      field: form.field(`/socials/${name}`),
      value: form.data.socials?.[name],
      onChange: (value: string) =>
        form.change({ socials: { ...form.data.socials, [name]: value } }),
    }),
  };
}
