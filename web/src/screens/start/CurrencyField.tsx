import { useWizard } from "../../api/wizard";
import { SelectField } from "../../fields/ChoiceField";
import { useTexts } from "../../texts";
import { valueWords } from "../../texts/places";
import type { bound } from "./rowFields";

type CurrencyFieldProps = ReturnType<typeof bound<string>>;

/** The currency of all tickets. */
export function CurrencyField({ field, value, onChange }: CurrencyFieldProps) {
  const texts = useTexts();
  const wizard = useWizard();
  const codes = wizard?.currencies.map(({ code }) => code) ?? [];
  const chosen = value || wizard?.default_currency || "usd";
  const shown = codes.includes(chosen) ? codes : [chosen, ...codes];
  return (
    <SelectField
      field={field}
      label={texts.tickets.currency}
      options={shown.map((code) => ({
        value: code,
        label: `${valueWords(texts, "ticketSetup", "/currency", code, code)}, ${code.toUpperCase()}`,
      }))}
      value={chosen}
      onChange={onChange}
    />
  );
}
