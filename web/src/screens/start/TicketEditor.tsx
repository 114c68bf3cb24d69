import type { Tier } from "../../api/generated";
import { useWizard } from "../../api/wizard";
import type { Json } from "../../session/json";
import { TierKindField, TierName, TierPrice, TierQuantity } from "../../stages/tickets/TierFields";
import { CurrencyField } from "./CurrencyField";
import { bound, fieldState, type RowEditorProps } from "./rowFields";
import { CURRENCY } from "./rows";

/** A kind of ticket. */
export function TicketEditor(props: RowEditorProps) {
  const wizard = useWizard();
  const { row, onChange } = props;
  const currency = bound(props, CURRENCY);
  const tier = row.fields[0]?.value as Tier;
  const kind = tier.kind ?? "paid";
  const fields = {
    field: (member: string) => fieldState(`${row.id}/${member}`),
    tier,
    kind,
    change: (patch: Tier) => onChange(row.id, { ...tier, ...patch } as Json),
  };
  return (
    <>
      <div className="row">
        <TierName {...fields} />
        <TierQuantity {...fields} optional />
      </div>
      <TierKindField {...fields} />
      {kind !== "free" && (
        <div className="row">
          <TierPrice {...fields} currency={currency.value || wizard?.default_currency || "usd"} />
          <CurrencyField {...currency} />
        </div>
      )}
    </>
  );
}
