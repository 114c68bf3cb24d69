import { useState } from "react";

import { controlAttributes } from "../../fields/field";
import { useTexts } from "../../texts";
import { displayName } from "../../texts/formatters";
import type { TicketStage } from "../useStageTicketSetup";

/**
 * Beside the heading: it holds for all tickets. There are more than a hundred, which are named once the
 * person comes to the field.
 */
export function CurrencySelect({
  form,
  currency,
  currencies,
  changeCurrency,
}: Pick<TicketStage, "form" | "currency" | "currencies" | "changeCurrency">) {
  const { tickets, language } = useTexts();
  const field = form.field("/currency");
  const { readOnly, ...attributes } = controlAttributes(field, false);
  const [isVisited, setVisited] = useState(false);
  const visit = () => setVisited(true);
  const codes = isVisited ? currencies.map(({ code }) => code) : [];
  const shown = codes.includes(currency) ? codes : [currency, ...codes];
  return (
    <span className="end flex flex-wrap items-center gap-x-4">
      <label className="small secondary" htmlFor={field.id}>
        {tickets.currency}
      </label>
      <select
        {...attributes}
        disabled={readOnly}
        className={field.fresh ? "select currency fresh" : "select currency"}
        value={currency}
        onPointerDown={visit}
        onFocus={visit}
        onChange={(event) => changeCurrency(event.target.value)}
      >
        {shown.map((code) => (
          <option key={code} value={code}>
            {displayName(language, "currency", code)}, {code.toUpperCase()}
          </option>
        ))}
      </select>
    </span>
  );
}
