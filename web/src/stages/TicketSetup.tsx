import "../look/components/tickets.css";

import { FieldError } from "../fields/Field";
import { controlAttributes } from "../fields/field";
import { NumberField } from "../fields/NumberField";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { Capacity } from "./tickets/Capacity";
import { OrderRules } from "./tickets/OrderRules";
import { StripeSlip } from "./tickets/StripeSlip";
import { TicketList } from "./tickets/TicketList";
import { type TicketStage, useStageTicketSetup } from "./useStageTicketSetup";

export default function TicketSetup() {
  const { tickets } = useTexts();
  const stage = useStageTicketSetup();
  const { form, isPaid } = stage;
  return (
    <StageFrame
      stage="ticketSetup"
      form={form}
      question={tickets.question}
      lead={tickets.lead}
      slip={isPaid && !form.disabled ? <StripeSlip /> : null}
    >
      <Capacity {...stage} />
      <section>
        <div className="section-heading mt-0 mb-1 items-center">
          <h2 className="heading-2">{tickets.heading}</h2>
          <CurrencySelect {...stage} />
        </div>
        <FieldError field={form.field("/currency")} />
        <TicketList {...stage} />
      </section>
      <NumberField
        field={form.field("/totalCapacity")}
        label={tickets.capacity}
        hint={tickets.capacityHint}
        optional
        value={form.data.totalCapacity}
        onChange={(totalCapacity) => form.change({ totalCapacity })}
      />
      <OrderRules {...stage} />
    </StageFrame>
  );
}

/** Beside the heading: it holds for all tickets. */
function CurrencySelect({ form, currency, currencies }: TicketStage) {
  const { tickets, language } = useTexts();
  const field = form.field("/currency");
  const { readOnly, ...attributes } = controlAttributes(field, false);
  const names = new Intl.DisplayNames(language, { type: "currency" });
  const codes = currencies.map(({ code }) => code);
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
        onChange={(event) => form.change({ currency: event.target.value })}
      >
        {shown.map((code) => (
          <option key={code} value={code}>
            {nameOf(names, code)}, {code.toUpperCase()}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The code itself for text that is no code, such as one that was typed elsewhere. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}
