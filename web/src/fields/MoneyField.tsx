import { type ReactNode, useState } from "react";

import { useTexts } from "../texts";
import { currencyFormat, decimalsOf } from "../texts/format";
import { numberFormat } from "../texts/formatters";
import { Field } from "./Field";
import { controlAttributes, type FieldState } from "./field";

interface MoneyFieldProps {
  field: FieldState;
  label: string;
  /** In the currency's minor unit; 4800 is €48.00. */
  amount: number | null | undefined;
  currency: string;
  onChange: (amount: number | null) => void;
  hint?: ReactNode;
  optional?: boolean;
}

/** An amount of money, with the decimals of its currency. */
export function MoneyField({ amount, currency, onChange, ...props }: MoneyFieldProps) {
  const { field, hint } = props;
  const { language } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const { onBlur, ...attributes } = controlAttributes(field, Boolean(hint));
  return (
    <Field {...props}>
      <div className={field.error !== null ? "affixed invalid" : "affixed"}>
        <span>{symbolOf(currency, language)}</span>
        <input
          {...attributes}
          className={field.fresh ? "input numeric fresh" : "input numeric"}
          inputMode={decimalsOf(currency) === 0 ? "numeric" : "decimal"}
          autoComplete="off"
          value={typed ?? writtenAmount(amount, currency, language)}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(readAmount(event.target.value, currency));
          }}
          onBlur={() => {
            setTyped(null);
            onBlur();
          }}
        />
      </div>
    </Field>
  );
}

/** "€", "CHF", as the person's language writes it. */
export function symbolOf(currency: string, language: string): string {
  const format = currencyFormat(currency, language, { currencyDisplay: "narrowSymbol" });
  return format?.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
}

/** The figures of an amount without its symbol, such as "48.00". */
function writtenAmount(
  amount: number | null | undefined,
  currency: string,
  language: string,
): string {
  if (amount === null || amount === undefined) return "";
  if (typeof amount !== "number") return String(amount);
  const decimals = decimalsOf(currency);
  const format = numberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(amount / 10 ** decimals);
}

/**
 * Reads "25", "25,00", "1.250,50", "€25" and "1,250.50" as an amount in the minor unit. A single
 * separator before as many figures as the currency has decimals is the decimal one. Text that is
 * not an amount is sent to the API as it is, and the API says what is wrong with it.
 */
export function readAmount(text: string, currency: string): number | null {
  const figures = text.replace(/[^\d.,-]/g, "");
  if (figures === "") return text.trim() === "" ? null : (text as unknown as number);
  const decimals = decimalsOf(currency);
  const last = Math.max(figures.lastIndexOf("."), figures.lastIndexOf(","));
  const separators = figures.match(/[.,]/g) ?? [];
  const after = figures.length - last - 1;
  const isDecimal =
    last >= 0 && (new Set(separators).size === 2 || (separators.length === 1 && after !== 3));
  const whole = (isDecimal ? figures.slice(0, last) : figures).replace(/[.,]/g, "");
  const fraction = isDecimal ? figures.slice(last + 1) : "";
  const number = Number(`${whole || "0"}.${fraction || "0"}`);
  if (Number.isNaN(number)) return text as unknown as number;
  return Math.round(number * 10 ** decimals);
}
