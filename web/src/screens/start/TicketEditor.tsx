import type { Tier } from "../../api/generated";
import { useWizard } from "../../api/wizard";
import { SegmentedField } from "../../fields/ChoiceField";
import { MoneyField } from "../../fields/MoneyField";
import { NumberField } from "../../fields/NumberField";
import { TextField } from "../../fields/TextField";
import type { Json } from "../../session/json";
import { useTexts } from "../../texts";
import { CurrencyField } from "./CurrencyField";
import { bound, fieldState, optionsOf, type RowEditorProps } from "./rowFields";
import { CURRENCY } from "./rows";

/** A kind of ticket. */
export function TicketEditor(props: RowEditorProps) {
  const { tickets } = useTexts();
  const wizard = useWizard();
  const { row, onChange } = props;
  const currency = bound(props, CURRENCY);
  const tier = row.fields[0]?.value as Tier;
  const kind = tier.kind ?? "paid";
  const field = (name: string) => fieldState(`${row.id}/${name}`);
  const change = (patch: Tier) => onChange(row.id, { ...tier, ...patch } as Json);
  return (
    <>
      <div className="row">
        <TextField
          field={field("name")}
          label={tickets.name}
          value={tier.name}
          onChange={(name) => change({ name })}
        />
        <NumberField
          field={field("quantity")}
          label={tickets.quantity}
          optional
          value={tier.quantity}
          onChange={(quantity) => change({ quantity })}
        />
      </div>
      <SegmentedField
        field={field("kind")}
        label={tickets.kind}
        options={optionsOf({
          paid: tickets.kinds.paid,
          free: tickets.kinds.free,
          donation: tickets.kinds.donation,
        })}
        value={kind}
        onChange={(chosen) =>
          change(chosen === "free" ? { kind: chosen, unit_amount: 0 } : { kind: chosen })
        }
      />
      {kind !== "free" && (
        <div className="row">
          <MoneyField
            field={field("unit_amount")}
            label={kind === "donation" ? tickets.suggested : tickets.price}
            currency={currency.value || wizard?.default_currency || "usd"}
            amount={tier.unit_amount}
            onChange={(unit_amount) => change({ unit_amount })}
          />
          <CurrencyField {...currency} />
        </div>
      )}
    </>
  );
}
