import { SegmentedField } from "../../fields/ChoiceField";
import { LanguageField } from "../../fields/LanguageField";
import { NumberField } from "../../fields/NumberField";
import { TextField, TitleField } from "../../fields/TextField";
import { TimeField } from "../../fields/TimeField";
import { useTexts } from "../../texts";
import { CurrencyField } from "./CurrencyField";
import { HoursEditor } from "./HoursEditor";
import { PlaceEditor } from "./PlaceEditor";
import { RefundEditor } from "./RefundEditor";
import { bound, fieldState, optionsOf, type RowEditorProps } from "./rowFields";
import { isTicket } from "./rows";
import { rowLabel } from "./rowWords";
import { TicketEditor } from "./TicketEditor";

/** The fields of a row, as the stages have them. */
export function RowEditor(props: RowEditorProps) {
  const { row } = props;
  if (isTicket(row.id)) return <TicketEditor {...props} />;
  if (row.id === "place") return <PlaceEditor {...props} />;
  if (row.id === "date") return <DateEditor {...props} />;
  return <FieldEditor {...props} />;
}

function DateEditor(props: RowEditorProps) {
  const { fields } = useTexts();
  return (
    <div className="row">
      <TimeField type="date" label={fields.date} {...bound(props, "eventSetup/date")} />
      <TimeField
        type="date"
        label={fields.lastDate}
        optional
        {...bound(props, "eventSetup/endDate")}
      />
    </div>
  );
}

/** A row of one field. */
function FieldEditor(props: RowEditorProps) {
  const texts = useTexts();
  const { event, myEvents } = texts;
  const { row } = props;
  const [only] = row.fields;
  if (only === undefined) return null;
  const { key, pointer } = only;
  const label = rowLabel(texts, row);
  switch (pointer) {
    case "/title":
      return <TitleField label={label} {...bound(props, key)} />;
    case "/type":
      return (
        <SegmentedField
          label={event.kind}
          options={optionsOf(myEvents.kinds)}
          {...bound<keyof typeof myEvents.kinds>(props, key)}
        />
      );
    case "/startTime":
    case "/endTime":
    case "/doorsTime":
      return <TimeField type="time" label={label} {...bound(props, key)} />;
    case "/capacity":
    case "/totalCapacity":
      return <NumberField label={label} {...bound<number>(props, key)} />;
    case "/currency":
      return <CurrencyField {...bound(props, key)} />;
    case "/language":
      return <LanguageField label={event.language} {...bound<string>(props, key)} />;
    case "/visibility":
      return (
        <SegmentedField
          label={event.visibility}
          options={optionsOf(event.visibilities)}
          {...bound<keyof typeof event.visibilities>(props, key)}
        />
      );
    case "/refundPolicy":
      return <RefundEditor {...props} />;
    case "/openingHours":
      return <HoursEditor {...props} />;
    case "/sponsors/-":
      return <SponsorEditor {...props} />;
    default:
      return <TextField label={label} {...bound(props, key)} type={TYPES[pointer] ?? "text"} />;
  }
}

const TYPES: Readonly<Record<string, "email" | "tel" | "url">> = {
  "/email": "email",
  "/phone": "tel",
  "/website": "url",
  "/externalUrl": "url",
  "/url": "url",
};

function SponsorEditor({ row, onChange }: RowEditorProps) {
  const { understood } = useTexts();
  const sponsor = row.fields[0]?.value as { name?: string };
  return (
    <TextField
      field={fieldState(`${row.id}/name`)}
      label={understood.sponsor}
      value={sponsor.name}
      onChange={(name) => onChange(row.id, { ...sponsor, name })}
    />
  );
}
