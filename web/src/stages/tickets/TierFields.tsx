/** The fields that each kind of ticket has, on its stage and among what was understood. */

import type { Tier, TierKind } from "../../api/generated";
import { SegmentedField } from "../../fields/ChoiceField";
import type { FieldState } from "../../fields/field";
import { MoneyField } from "../../fields/MoneyField";
import { NumberField } from "../../fields/NumberField";
import { TextField } from "../../fields/TextField";
import { useTexts } from "../../texts";

export interface TierFieldProps {
  /** The state of a field by the name of its member. */
  field: (member: string) => FieldState;
  tier: Tier;
  kind: TierKind;
  change: (patch: Tier) => void;
}

const KINDS = ["paid", "free", "donation"] as const satisfies TierKind[];

export function TierName({ field, tier, change }: TierFieldProps) {
  const { tickets } = useTexts();
  return (
    <TextField
      field={field("name")}
      label={tickets.name}
      value={tier.name}
      onChange={(name) => change({ name })}
    />
  );
}

export function TierQuantity({ field, tier, change, optional = false }: OptionalProps) {
  const { tickets } = useTexts();
  return (
    <NumberField
      field={field("quantity")}
      label={tickets.quantity}
      placeholder={tickets.noLimit}
      optional={optional}
      value={tier.quantity}
      onChange={(quantity) => change({ quantity })}
    />
  );
}

type OptionalProps = TierFieldProps & { optional?: boolean };

/** The price of a paid ticket, or the amount that a donation suggests; nothing for a free one. */
export function TierPrice({ field, tier, kind, change, currency }: PriceProps) {
  const { tickets } = useTexts();
  if (kind === "free") return null;
  return (
    <MoneyField
      field={field("unit_amount")}
      label={kind === "donation" ? tickets.suggested : tickets.price}
      currency={currency}
      amount={tier.unit_amount}
      onChange={(unit_amount) => change({ unit_amount })}
    />
  );
}

type PriceProps = TierFieldProps & { currency: string };

/** A ticket that becomes free costs 0. */
export function TierKindField({ field, kind, change }: TierFieldProps) {
  const { tickets } = useTexts();
  return (
    <SegmentedField
      field={field("kind")}
      label={tickets.kind}
      options={KINDS.map((value) => ({ value, label: tickets.kinds[value] }))}
      value={kind}
      onChange={(chosen) =>
        change(chosen === "free" ? { kind: chosen, unit_amount: 0 } : { kind: chosen })
      }
    />
  );
}
