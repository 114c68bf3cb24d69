import "../look/components/tickets.css";

import { FieldError } from "../fields/Field";
import { NumberField } from "../fields/NumberField";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { Capacity } from "./tickets/Capacity";
import { CurrencySelect } from "./tickets/CurrencySelect";
import { OrderRules } from "./tickets/OrderRules";
import { StripeSlip } from "./tickets/StripeSlip";
import { TicketList } from "./tickets/TicketList";
import { useStageTicketSetup } from "./useStageTicketSetup";

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
