import { MoveButtons } from "../../fields/MoveButtons";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import { money, wholeNumber } from "../../texts/format";
import { localDateTime } from "../../texts/zones";
import type { ShownTier, TicketStage } from "../useStageTicketSetup";

interface TicketRowProps {
  stage: TicketStage;
  tier: ShownTier;
  index: number;
  onChange: () => void;
  onMove: (from: number, to: number) => void;
}

export function TicketRow({ stage, tier, index, onChange, onMove }: TicketRowProps) {
  const { tickets, language } = useTexts();
  const { tiers, currency, form } = stage;
  const name = tier.name || tickets.newTicket;
  return (
    <li className="ticket">
      <div className="reorder">
        <MoveButtons
          name={name}
          index={index}
          count={tiers.length}
          disabled={form.disabled}
          onMove={onMove}
        />
      </div>
      <div className="ticket-line">
        <div className="ticket-name">
          <b>{tier.name ? tier.name : <span className="basted">{tickets.newTicket}</span>}</b>
          <span className="small secondary">{conditions()}</span>
        </div>
        <div className="ticket-figures numeric">
          <span className="ticket-price">{price()}</span>
          <span className="ticket-quantity small secondary">{quantity()}</span>
        </div>
      </div>
      <button type="button" className="text-button small" onClick={onChange}>
        {tickets.change}
        <span className="visually-hidden"> {name}</span>
      </button>
      <RowErrors stage={stage} index={index} />
    </li>
  );

  function price() {
    const { kind, unit_amount } = tier;
    if (kind === "free" || unit_amount === 0) return tickets.free;
    if (typeof unit_amount !== "number")
      return (
        <span className="basted">{kind === "donation" ? tickets.suggested : tickets.noPrice}</span>
      );
    return money(unit_amount, currency, language);
  }

  function quantity(): string {
    if (typeof tier.quantity !== "number") return "";
    return tier.quantity === 0
      ? tickets.notSold
      : tickets.times(wholeNumber(tier.quantity, language));
  }

  function conditions(): string {
    const parts = [
      tier.visibility === "hidden" && tickets.hidden,
      tier.access === "online" && tickets.online,
      tier.kind === "donation" && tickets.donation,
      saleTime(),
      tier.maxPerOrder && tickets.mostPerOrder(tier.maxPerOrder),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  function saleTime(): string | null {
    const { saleStart, saleEnd } = tier;
    const start = saleStart ? localDateTime(saleStart, language, "short") : null;
    const end = saleEnd ? localDateTime(saleEnd, language, "short") : null;
    if (start !== null && end !== null) return tickets.onSaleFromTo(start, end);
    return start === null ? end && tickets.onSaleUntil(end) : tickets.onSaleFrom(start);
  }
}

/** A row that is closed says how many of its fields are wrong; what is still to come is no error yet. */
function RowErrors({ stage: { form }, index }: Pick<TicketRowProps, "stage" | "index">) {
  const { tickets } = useTexts();
  const wrong = form.errors.filter(
    ({ pointer, code }) =>
      pointer.startsWith(`/tiers/${index}/`) && (form.isSubmitted || code !== "missing"),
  );
  if (wrong.length === 0) return null;
  const isPrice = wrong.every(({ pointer }) => pointer.endsWith("/unit_amount"));
  return (
    <p className="field-error">
      <Icon name="alert" small />
      <span>{isPrice ? tickets.onePriceToCorrect : tickets.toCorrect(wrong.length)}</span>
    </p>
  );
}
