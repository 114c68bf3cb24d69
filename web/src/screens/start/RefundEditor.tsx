import type { RefundPolicy } from "../../api/generated";
import { SegmentedField } from "../../fields/ChoiceField";
import { NumberField } from "../../fields/NumberField";
import { LongTextField } from "../../fields/TextField";
import type { Json } from "../../session/json";
import { useTexts } from "../../texts";
import { fieldState, optionsOf, type RowEditorProps } from "./rowFields";

/** Whether tickets can be returned. */
export function RefundEditor(props: RowEditorProps) {
  const { tickets } = useTexts();
  const { row, onChange } = props;
  const refund = (row.fields[0]?.value ?? {}) as RefundPolicy;
  const field = (name: string) => fieldState(`${row.id}/${name}`);
  const change = (patch: RefundPolicy) => onChange(row.id, { ...refund, ...patch } as Json);
  return (
    <>
      <SegmentedField
        field={field("kind")}
        label={tickets.refund}
        options={optionsOf(tickets.refunds)}
        value={refund.kind}
        onChange={(kind) => change({ kind })}
      />
      {refund.kind === "until_days" && (
        <NumberField
          field={field("days")}
          label={tickets.refundDays}
          value={refund.days}
          onChange={(days) => change({ days })}
        />
      )}
      {refund.kind === "custom" && (
        <LongTextField
          field={field("text")}
          label={tickets.refundText}
          value={refund.text}
          onChange={(text) => change({ text })}
        />
      )}
    </>
  );
}
