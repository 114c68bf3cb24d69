import { type ReactNode, useState } from "react";

import { useTexts } from "../texts";
import { numberFormat } from "../texts/formatters";
import { Field } from "./Field";
import { controlAttributes, type FieldState } from "./field";

interface NumberFieldProps {
  field: FieldState;
  label: string;
  value: number | null | undefined;
  /** Null if the field is empty. Text that is not a number is kept as typed, with its error. */
  onChange: (value: number | null) => void;
  hint?: ReactNode;
  optional?: boolean;
  /** After the figure, such as "people". */
  unit?: string;
  decimals?: boolean;
  /** What an empty field means, in a word or two. */
  placeholder?: string;
}

/** A number; separators of thousands and the decimal comma of the person's language are read. */
export function NumberField({
  value,
  onChange,
  unit,
  decimals = false,
  placeholder,
  ...props
}: NumberFieldProps) {
  const { field, hint } = props;
  const { language } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const { onBlur, ...attributes } = controlAttributes(field, Boolean(hint));
  const shown = typed ?? (value === null || value === undefined ? "" : String(value));
  return (
    <Field {...props}>
      <div className={field.error !== null ? "affixed invalid" : "affixed"}>
        <input
          {...attributes}
          className={field.fresh ? "input numeric fresh" : "input numeric"}
          // The keyboard of a phone for decimals may lack the minus sign.
          inputMode={decimals ? "text" : "numeric"}
          autoComplete="off"
          placeholder={placeholder}
          value={shown}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(readNumber(event.target.value, language));
          }}
          onBlur={() => {
            setTyped(null);
            onBlur();
          }}
        />
        {unit !== undefined && <span>{unit}</span>}
      </div>
    </Field>
  );
}

/**
 * Reads "1,200" and "1 200" as 1200, and "52.5" as 52.5; in languages with a decimal comma, also "52,5".
 * Other text is sent to the API as it is, and the API says what is wrong with it.
 */
export function readNumber(text: string, language: string): number | null {
  const compact = text.replace(/[\s'’]/g, "");
  if (compact === "") return null;
  const decimal = numberFormat(language).format(1.5).charAt(1);
  const thousands = decimal === "," ? "." : ",";
  const isGrouped = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${decimal}\\d*)?$`);
  const plain = isGrouped.test(compact) ? compact.replaceAll(thousands, "") : compact;
  const number = Number(plain.replace(",", "."));
  return Number.isNaN(number) ? (compact as unknown as number) : number;
}
