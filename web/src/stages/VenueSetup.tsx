import type { VenueMode } from "../api/generated";
import { SegmentedField, SelectField } from "../fields/ChoiceField";
import { More } from "../fields/More";
import { NumberField } from "../fields/NumberField";
import { LongTextField, TextField } from "../fields/TextField";
import { TimeField } from "../fields/TimeField";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { timeOfDay } from "../texts/format";
import { countryOptions } from "../texts/languages";
import { useStageVenueSetup } from "./useStageVenueSetup";

const MODES = ["physical", "virtual", "hybrid"] as const satisfies VenueMode[];

type Venue = ReturnType<typeof useStageVenueSetup>;

export function VenueSetup() {
  const { venue } = useTexts();
  const stage = useStageVenueSetup();
  const { form, isOnSite, isOnline } = stage;
  return (
    <StageFrame stage="venueSetup" form={form} question={venue.question} lead={venue.lead}>
      <SegmentedField
        field={form.field("/mode")}
        label={venue.mode}
        options={MODES.map((value) => ({ value, label: venue.modes[value] }))}
        value={form.data.mode}
        onChange={(mode) => form.change({ mode })}
      />
      {isOnSite && <OnSite {...stage} />}
      {isOnline && <Online {...stage} />}
    </StageFrame>
  );
}

function OnSite({ form, text, countries, startTime, address, coordinate }: Venue) {
  const { venue, language, fields } = useTexts();
  return (
    <>
      <TextField {...text("name")} label={venue.name} />
      <SelectField
        {...address("country")}
        label={venue.country}
        options={countryOptions(language, countries)}
        empty={fields.notChosen}
      />
      <TextField {...address("line1")} label={venue.line1} />
      <TextField {...address("line2")} label={venue.line2} optional />
      <div className="row">
        <TextField {...address("postalCode")} label={venue.postalCode} optional />
        <TextField {...address("city")} label={venue.city} />
      </div>
      <TextField {...address("region")} label={venue.region} optional />
      <div className="row">
        <NumberField
          field={form.field("/capacity")}
          label={venue.capacity}
          hint={venue.capacityHint}
          optional
          value={form.data.capacity}
          onChange={(capacity) => form.change({ capacity })}
        />
        <TimeField
          {...text("doorsTime")}
          type="time"
          label={venue.doors}
          hint={startTime === null ? undefined : venue.doorsHint(timeOfDay(startTime, language))}
          optional
        />
      </div>
      <LongTextField
        {...text("accessibility")}
        label={venue.accessibility}
        hint={venue.accessibilityHint}
        optional
      />
      <More label={venue.more}>
        <div className="row">
          <NumberField {...coordinate("lat")} label={venue.latitude} decimals optional />
          <NumberField {...coordinate("lng")} label={venue.longitude} decimals optional />
        </div>
      </More>
    </>
  );
}

function Online({ text }: Venue) {
  const { venue } = useTexts();
  return (
    <>
      <TextField {...text("url")} label={venue.url} hint={venue.urlHint} type="url" />
      <TextField {...text("platform")} label={venue.platform} optional />
      <LongTextField {...text("accessNote")} label={venue.accessNote} optional rows={2} />
    </>
  );
}
