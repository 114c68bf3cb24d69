import type { Address } from "../api/generated";
import { useWizard } from "../api/wizard";
import { useSession } from "../session/SessionContext";
import { useStageForm } from "./useStageForm";
import { useTextFields } from "./useTextFields";

/** The stage Venue: where people come together. */
export function useStageVenueSetup() {
  const form = useStageForm("venueSetup");
  const text = useTextFields("venueSetup", form);
  const wizard = useWizard();
  const { startTime } = useSession().data("eventSetup");
  const { mode, address, geo } = form.data;
  return {
    form,
    text,
    countries: wizard?.countries ?? [],
    startTime: startTime || null,
    isOnSite: mode === "physical" || mode === "hybrid",
    isOnline: mode === "virtual" || mode === "hybrid",
    address: (name: keyof Address) => ({
      field: form.field(`/address/${name}`),
      value: address?.[name],
      onChange: (value: string) => form.change({ address: { ...address, [name]: value } }),
    }),
    coordinate: (name: "lat" | "lng") => ({
      field: form.field(`/geo/${name}`),
      value: geo?.[name],
      onChange: (value: number | null) => form.change({ geo: { ...geo, [name]: value } }),
    }),
  };
}
