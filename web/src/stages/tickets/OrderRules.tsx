import type { RefundKind } from "../../api/generated";
import { Checkbox, SegmentedField } from "../../fields/ChoiceField";
import { More } from "../../fields/More";
import { NumberField } from "../../fields/NumberField";
import { LongTextField } from "../../fields/TextField";
import { useTexts } from "../../texts";
import type { TicketStage } from "../useStageTicketSetup";

const REFUNDS = ["none", "until_days", "custom"] as const satisfies RefundKind[];

/** What holds for every order. */
export function OrderRules({ form, isPaid }: TicketStage) {
  const { tickets } = useTexts();
  const { refundPolicy: refund, promotionCodes, automaticTax } = form.data;
  return (
    <More label={tickets.orders} summary={refund?.kind ? tickets.refunds[refund.kind] : ""}>
      <SegmentedField
        field={form.field("/refundPolicy/kind")}
        label={tickets.refund}
        options={REFUNDS.map((value) => ({ value, label: tickets.refunds[value] }))}
        value={refund?.kind}
        onChange={(kind) => form.change({ refundPolicy: { ...refund, kind } })}
      />
      {refund?.kind === "until_days" && (
        <NumberField
          field={form.field("/refundPolicy/days")}
          label={tickets.refundDays}
          value={refund.days}
          onChange={(days) => form.change({ refundPolicy: { ...refund, days } })}
        />
      )}
      {refund?.kind === "custom" && (
        <LongTextField
          field={form.field("/refundPolicy/text")}
          label={tickets.refundText}
          value={refund.text}
          onChange={(text) => form.change({ refundPolicy: { ...refund, text } })}
        />
      )}
      {isPaid && (
        <div>
          <Checkbox
            field={form.field("/promotionCodes")}
            checked={promotionCodes ?? false}
            onChange={(checked) => form.change({ promotionCodes: checked })}
          >
            {tickets.promotionCodes}
          </Checkbox>
          <Checkbox
            field={form.field("/automaticTax")}
            checked={automaticTax ?? false}
            onChange={(checked) => form.change({ automaticTax: checked })}
          >
            {tickets.automaticTax}
          </Checkbox>
        </div>
      )}
    </More>
  );
}
