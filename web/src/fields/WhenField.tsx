import { memo, useState } from "react";

import { useTexts } from "../texts";
import { clockTime, longDate, timeOfDay } from "../texts/format";
import { dateFormat } from "../texts/formatters";
import { allZones, cityOf, isZone, momentOf, offsetAt, offsetName, ownZone } from "../texts/zones";
import { FieldGroup } from "./Field";
import { controlAttributes, type FieldState } from "./field";

export interface When {
  date?: string | null;
  startTime?: string | null;
  endTime?: string | null;
  endDate?: string | null;
  timezone?: string | null;
}

interface WhenFieldProps {
  label: string;
  /** The state of each of its fields. */
  field: (name: keyof When) => FieldState;
  value: When;
  defaultZone: string;
  onChange: (patch: When) => void;
}

/** Date, hours and zone as one question, said back in words. */
export function WhenField({ label, field, value, defaultZone, onChange }: WhenFieldProps) {
  const { fields } = useTexts();
  const names = ["date", "startTime", "endTime", "endDate", "timezone"] as const;
  const wrong = names.map(field).find(({ error }) => error !== null);
  const [hasOtherDay, setOtherDay] = useState(false);
  const isLong = hasOtherDay || Boolean(value.endDate);
  const zone = value.timezone || defaultZone;
  // The group leads to its first field; an error of another one is shown here, too.
  const group = { ...field("date"), error: wrong?.error ?? null };

  return (
    <FieldGroup field={{ ...group, id: `${group.id}-group` }} label={label}>
      <div className="when">
        <input
          {...controlAttributes(field("date"), false)}
          className={inputClass(field("date"))}
          type="date"
          aria-label={fields.date}
          value={value.date ?? ""}
          onChange={(event) => onChange({ date: event.target.value })}
        />
        <input
          {...controlAttributes(field("startTime"), false)}
          className={inputClass(field("startTime"))}
          type="time"
          aria-label={fields.starts}
          value={value.startTime ?? ""}
          onChange={(event) => onChange({ startTime: event.target.value })}
        />
        <span className="to">{fields.to}</span>
        <input
          {...controlAttributes(field("endTime"), false)}
          className={inputClass(field("endTime"))}
          type="time"
          aria-label={fields.ends}
          value={value.endTime ?? ""}
          onChange={(event) => onChange({ endTime: event.target.value })}
        />
        {isLong && (
          <input
            {...controlAttributes(field("endDate"), false)}
            className={inputClass(field("endDate"))}
            type="date"
            aria-label={fields.lastDate}
            value={value.endDate ?? ""}
            onChange={(event) => onChange({ endDate: event.target.value })}
          />
        )}
        <ZoneSelect field={field("timezone")} zone={zone} onChange={onChange} />
      </div>
      <InWords value={value} zone={zone} />
      <button
        type="button"
        className="text-button small justify-self-start"
        disabled={field("endDate").disabled}
        onClick={() => {
          setOtherDay(!isLong);
          if (isLong) onChange({ endDate: null });
        }}
      >
        {isLong ? fields.sameDay : fields.otherDay}
      </button>
    </FieldGroup>
  );
}

function inputClass(field: FieldState): string {
  return field.fresh ? "input fresh" : "input";
}

interface ZoneSelectProps {
  field: FieldState;
  zone: string;
  onChange: (patch: When) => void;
}

function ZoneSelect({ field, zone, onChange }: ZoneSelectProps) {
  const { fields, language } = useTexts();
  const { readOnly, ...attributes } = controlAttributes(field, false);
  const [isVisited, setVisited] = useState(false);
  const visit = () => setVisited(true);

  function withTime(name: string): string {
    const now = new Date();
    const format = dateFormat(language, { timeStyle: "short", timeZone: name });
    return fields.zoneNow(cityOf(name), format.format(now), offsetName(offsetAt(name, now)));
  }

  return (
    <select
      {...attributes}
      disabled={readOnly}
      className={field.fresh ? "select zone fresh" : "select zone"}
      aria-label={fields.zone}
      value={zone}
      onPointerDown={visit}
      onFocus={visit}
      onChange={(event) => onChange({ timezone: event.target.value })}
    >
      <ZoneOptions
        zone={zone}
        words={isZone(zone) ? withTime(zone) : inWords(zone)}
        isWhole={isVisited}
      />
    </select>
  );
}

interface ZoneOptionsProps {
  zone: string;
  words: string;
  /** Whether all zones are there, not only the chosen one. */
  isWhole: boolean;
}

/**
 * Hundreds: a stage that is opened does not wait for them, and a keystroke in another field does
 * not render them again.
 */
const ZoneOptions = memo(function ZoneOptions({ zone, words, isWhole }: ZoneOptionsProps) {
  const others = isWhole ? allZones() : [];
  const known = others.includes(zone) ? others : [zone, ...others];
  return known.map((name) => (
    <option key={name} value={name}>
      {name === zone ? words : inWords(name)}
    </option>
  ));
});

function inWords(zone: string): string {
  return zone.replaceAll("_", " ");
}

/** The weekday, the hours where the person is, and hours that the clocks skip or repeat. */
function InWords({ value, zone }: { value: When; zone: string }) {
  const { fields, language } = useTexts();
  const { date, startTime, endTime, endDate } = value;
  if (!date) return null;
  const words = [
    endDate && endDate !== date
      ? fields.fromTo(longDate(date, language), longDate(endDate, language))
      : fields.onDate(longDate(date, language)),
  ];
  const start = startTime ? momentOf(date, startTime, zone) : null;
  if (start !== null && startTime) {
    if (start.kind === "skipped") words.push(fields.skipped(timeOfDay(startTime, language)));
    else if (start.kind === "twice") words.push(fields.twice(timeOfDay(startTime, language)));
    const here = ownZone();
    if (start.kind !== "skipped" && offsetAt(here, start.moment) !== offsetAt(zone, start.moment)) {
      const end = endTime ? momentOf(endDate || date, endTime, zone) : null;
      const first = clockTime(start.moment, language);
      words.push(
        end === null
          ? fields.hereFrom(cityOf(here), first)
          : fields.hereFromTo(cityOf(here), first, clockTime(end.moment, language)),
      );
    }
  }
  return <p className="hint">{words.join(" ")}</p>;
}
