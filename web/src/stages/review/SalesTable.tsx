import type { Event, PublishedTier, SalesView, TierSales } from "../../api/generated";
import { useWash } from "../../parts/useWash";
import { useTexts } from "../../texts";
import { wholeNumber } from "../../texts/format";
import { localDateTime } from "../../texts/zones";
import { Taken } from "./Taken";

/** Each kind of ticket: its state, how many are sold, and what was taken. */
export function SalesTable({ event, sales }: { event: Event; sales: SalesView }) {
  const { published } = useTexts();
  const { tiers, total, currency } = sales;
  return (
    <table className="sales numeric">
      <thead>
        <tr>
          <th scope="col">{published.ticket}</th>
          <th scope="col">{published.state}</th>
          <th scope="col" className="r">
            {published.sold}
          </th>
          <th scope="col" className="r">
            {published.taken}
          </th>
        </tr>
      </thead>
      <tbody>
        {tiers.map((tier) => (
          <SalesRow
            key={tier.tier_id}
            sales={tier}
            tier={event.ticket_tiers.find(({ id }) => id === tier.tier_id)}
            currency={currency}
          />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{published.together}</th>
          <td />
          <td className="r">
            <Sold sold={total.sold} quantity={total.quantity} />
          </td>
          <td className="r">
            <Taken {...total} currency={currency} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

interface SalesRowProps {
  sales: TierSales;
  tier: PublishedTier | undefined;
  currency: string;
}

/** A row of which another ticket was sold is washed for a moment. */
function SalesRow({ sales, tier, currency }: SalesRowProps) {
  const { published } = useTexts();
  const wash = useWash(sales.sold);
  const isFree = tier?.kind === "free" && sales.amount === 0;
  return (
    <tr className={wash}>
      <th scope="row">{sales.name}</th>
      <td>{useSaleState(sales, tier)}</td>
      <td className="r">
        <Sold {...sales} />
      </td>
      <td className="r">{isFree ? published.free : <Taken {...sales} currency={currency} />}</td>
    </tr>
  );
}

function useSaleState({ state }: TierSales, tier: PublishedTier | undefined): string {
  const { published, language } = useTexts();
  if (state === "on_sale" && tier?.visibility === "hidden") return published.hidden;
  if (state === "on_sale" && tier?.saleEnd)
    return published.until(localDateTime(tier.saleEnd, language, "short"));
  if (state === "scheduled" && tier?.saleStart)
    return published.from(localDateTime(tier.saleStart, language, "short"));
  return published.saleStates[state];
}

function Sold({ sold, quantity }: Pick<TierSales, "sold" | "quantity">) {
  const { published, language } = useTexts();
  return (
    <>
      {wholeNumber(sold, language)}
      {quantity !== null && (
        <span className="tertiary"> {published.of(wholeNumber(quantity, language))}</span>
      )}
    </>
  );
}
