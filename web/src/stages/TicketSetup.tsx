import "../look/components/tickets.css";

import { SelectField } from "../fields/ChoiceField";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { Capacity } from "./tickets/Capacity";
import { OrderRules } from "./tickets/OrderRules";
import { StripeSlip } from "./tickets/StripeSlip";
import { TicketList } from "./tickets/TicketList";
import { useStageTicketSetup } from "./useStageTicketSetup";

export default function TicketSetup() {
  const { tickets, language } = useTexts();
  const stage = useStageTicketSetup();
  const { form, currency, currencies, isPaid } = stage;
  const names = new Intl.DisplayNames(language, { type: "currency" });
  const codes = currencies.length > 0 ? currencies.map(({ code }) => code) : [currency];
  return (
    <StageFrame
      stage="ticketSetup"
      form={form}
      question={tickets.question}
      lead={tickets.lead}
      slip={isPaid ? <StripeSlip /> : null}
    >
      <Capacity {...stage} />
      <section>
        <div className="section-heading mt-0 mb-1">
          <h2 className="heading-2">{tickets.heading}</h2>
        </div>
        <TicketList {...stage} />
      </section>
      <SelectField
        field={form.field("/currency")}
        label={tickets.currency}
        options={codes.map((code) => ({
          value: code,
          label: `${names.of(code.toUpperCase()) ?? code}, ${code.toUpperCase()}`,
        }))}
        value={currency}
        onChange={(code) => form.change({ currency: code })}
      />
      <OrderRules {...stage} />
    </StageFrame>
  );
}
