import { useEffect, useRef } from "react";

import type { Tier, TierAccess } from "../../api/generated";
import { Checkbox, SegmentedField } from "../../fields/ChoiceField";
import { MoneyField } from "../../fields/MoneyField";
import { More } from "../../fields/More";
import { MoveButtons } from "../../fields/MoveButtons";
import { NumberField } from "../../fields/NumberField";
import { LongTextField } from "../../fields/TextField";
import { TimeField } from "../../fields/TimeField";
import { useEscape } from "../../fields/useEscape";
import { useTexts } from "../../texts";
import type { ShownTier, TicketStage } from "../useStageTicketSetup";
import { TierKindField, TierName, TierPrice, TierQuantity } from "./TierFields";

interface TicketFormProps {
  stage: TicketStage;
  tier: ShownTier;
  index: number;
  onDone: () => void;
  onMove: (from: number, to: number) => void;
  onRemove: () => void;
}

/** Digits of an amount that do not fit beside the name. */
const LONG_AMOUNT = 7;
const ACCESSES = ["in_person", "online", "both"] as const satisfies TierAccess[];

/** One kind of ticket, open in its place. */
export function TicketForm({ stage, tier, index, onDone, onMove, onRemove }: TicketFormProps) {
  const { tickets } = useTexts();
  const row = useRef<HTMLLIElement>(null);
  const { form, currency, isHybrid, tiers } = stage;
  const name = tier.name || tickets.newTicket;
  const isNew = useRef(!tier.name);
  const field = (member: string) => form.field(`/tiers/${index}/${member}`);
  const change = (patch: Tier) => stage.changeTier(tier.id, patch);
  const kind = tier.kind ?? (tier.unit_amount === 0 ? "free" : "paid");
  const fields = { field, tier, kind, change };
  const isLong = String(tier.unit_amount ?? "").length > LONG_AMOUNT;

  useEscape(row, onDone);

  // A new ticket begins with its name.
  useEffect(() => {
    if (isNew.current) row.current?.querySelector("input")?.focus();
  }, []);

  return (
    <li className="ticket open" ref={row} tabIndex={-1}>
      <div className={isLong ? "ticket-form stacked" : "ticket-form"}>
        <TierName {...fields} />
        <TierPrice {...fields} currency={currency} />
        <TierQuantity {...fields} />
      </div>
      <TierKindField {...fields} />
      {isHybrid && (
        <SegmentedField
          field={field("access")}
          label={tickets.access}
          options={ACCESSES.map((value) => ({ value, label: tickets.accesses[value] }))}
          value={tier.access}
          onChange={(access) => change({ access })}
        />
      )}
      <div className="row">
        <TimeField
          field={field("saleStart")}
          type="datetime-local"
          label={tickets.saleStart}
          optional
          value={tier.saleStart?.slice(0, 16)}
          onChange={(saleStart) => change({ saleStart })}
        />
        <TimeField
          field={field("saleEnd")}
          type="datetime-local"
          label={tickets.saleEnd}
          optional
          value={tier.saleEnd?.slice(0, 16)}
          onChange={(saleEnd) => change({ saleEnd })}
        />
      </div>
      <More label={tickets.details}>
        <LongTextField
          field={field("description")}
          label={tickets.description}
          optional
          value={tier.description}
          onChange={(description) => change({ description })}
        />
        {kind === "donation" && (
          <MoneyField
            field={field("minAmount")}
            label={tickets.minimum}
            optional
            currency={currency}
            amount={tier.minAmount}
            onChange={(minAmount) => change({ minAmount })}
          />
        )}
        <div className="row">
          <NumberField
            field={field("minPerOrder")}
            label={tickets.minPerOrder}
            optional
            value={tier.minPerOrder}
            onChange={(minPerOrder) => change({ minPerOrder })}
          />
          <NumberField
            field={field("maxPerOrder")}
            label={tickets.maxPerOrder}
            optional
            value={tier.maxPerOrder}
            onChange={(maxPerOrder) => change({ maxPerOrder })}
          />
        </div>
        <Checkbox
          field={field("visibility")}
          checked={tier.visibility === "hidden"}
          onChange={(isHidden) => change({ visibility: isHidden ? "hidden" : "visible" })}
        >
          {tickets.visibility}
        </Checkbox>
      </More>
      <div className="acts">
        <button type="button" className="button line" onClick={onDone}>
          {tickets.done}
        </button>
        {kind === "paid" && (
          <button
            type="button"
            className="text-button small"
            disabled={form.disabled}
            onClick={() => change({ kind: "free", unit_amount: 0 })}
          >
            {tickets.makeFree}
          </button>
        )}
        {/* Where there is no room for them in each row, such as on a phone. */}
        <span className="move">
          <MoveButtons
            name={name}
            index={index}
            count={tiers.length}
            disabled={form.disabled}
            onMove={onMove}
          />
        </span>
        <button
          type="button"
          className="text-button small wrong ml-auto"
          disabled={form.disabled}
          onClick={onRemove}
        >
          {tickets.remove}
        </button>
      </div>
    </li>
  );
}
