import type { OpeningHours } from "../../api/generated";
import { TimeField } from "../../fields/TimeField";
import type { Json } from "../../session/json";
import { useTexts } from "../../texts";
import { longDate } from "../../texts/format";
import { fieldState, type RowEditorProps } from "./rowFields";

/** The opening hours of the days that were understood. */
export function HoursEditor({ row, onChange }: RowEditorProps) {
  const { event, language } = useTexts();
  const days = (row.fields[0]?.value ?? []) as OpeningHours[];
  const change = (index: number, patch: OpeningHours) =>
    onChange(row.id, days.map((day, at) => (at === index ? { ...day, ...patch } : day)) as Json);
  return days.map((day, index) => (
    <fieldset className="row" key={day.date}>
      <legend className="field-label">{longDate(String(day.date), language)}</legend>
      {(["opens", "closes"] as const).map((name) => (
        <TimeField
          key={name}
          type="time"
          field={fieldState(`${row.id}/${index}/${name}`)}
          label={event[name]}
          value={day[name]}
          onChange={(time) => change(index, { [name]: time })}
        />
      ))}
    </fieldset>
  ));
}
