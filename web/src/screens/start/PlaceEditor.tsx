import { useWizard } from "../../api/wizard";
import { SegmentedField, SelectField } from "../../fields/ChoiceField";
import { TextField } from "../../fields/TextField";
import { useTexts } from "../../texts";
import { countryOptions } from "../../texts/languages";
import { allZones } from "../../texts/zones";
import { bound, optionsOf, type RowEditorProps } from "./rowFields";

/** The place of an event, with its time zone. */
export function PlaceEditor(props: RowEditorProps) {
  const { fields, language, venue } = useTexts();
  const countries = useWizard()?.countries ?? [];
  const zone = bound(props, "eventSetup/timezone");
  const zones = allZones();
  const known = !zone.value || zones.includes(zone.value) ? zones : [zone.value, ...zones];
  return (
    <>
      <TextField label={venue.name} optional {...bound(props, "venueSetup/name")} />
      <TextField label={venue.line1} optional {...bound(props, "venueSetup/address/line1")} />
      <div className="row">
        <TextField label={venue.city} {...bound(props, "venueSetup/address/city")} />
        <SelectField
          label={venue.country}
          options={countryOptions(language, countries)}
          empty={fields.notChosen}
          {...bound<string>(props, "venueSetup/address/country")}
        />
      </div>
      <SegmentedField
        label={venue.mode}
        options={optionsOf(venue.modes)}
        {...bound<keyof typeof venue.modes>(props, "venueSetup/mode")}
      />
      <SelectField
        label={fields.zone}
        options={known.map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
        empty={fields.notChosen}
        {...zone}
      />
    </>
  );
}
