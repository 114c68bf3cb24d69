import { useCallback, useEffect, useId, useState } from "react";

import { unwrap } from "../../api/client";
import {
  closeSales,
  type Event,
  getSales,
  pauseSales,
  resumeSales,
  type SalesView,
  type TierSales,
} from "../../api/generated";
import { useWizard } from "../../api/wizard";
import { Icon } from "../../look/Icon";
import { Dialog } from "../../parts/Dialog";
import { useTexts } from "../../texts";
import { money, wholeNumber } from "../../texts/format";

/** Milliseconds between two looks at the sales, while the page is seen. */
const PACE = 5_000;

/** What is sold, as it comes in, and the switch of the sale. */
export function Sales({ event }: { event: Event }) {
  const { published } = useTexts();
  useWizard(); // for the decimals of currencies
  const { sales, show } = useSales(event.event_id);
  const [isAsking, setAsking] = useState(false);
  const heading = useId();
  const options = {
    path: { event_id: event.event_id },
    headers: { "idempotency-key": crypto.randomUUID() },
  };
  if (sales === null || sales.tiers.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <div className="section-heading">
        <h2 className="heading-2" id={heading}>
          {published.sales}
        </h2>
        {sales.sales === "on" && (
          <button
            type="button"
            className="text-button tight small end"
            onClick={() => show(unwrap(pauseSales(options)))}
          >
            <Icon name="pause" small />
            {published.pause}
          </button>
        )}
        {sales.sales === "paused" && (
          <button
            type="button"
            className="text-button tight small end"
            onClick={() => show(unwrap(resumeSales(options)))}
          >
            <Icon name="play" small />
            {published.resume}
          </button>
        )}
      </div>
      <Reason sales={sales} />
      <SalesTable sales={sales} />
      {sales.sales !== "closed" && (
        <button type="button" className="text-button mt-4" onClick={() => setAsking(true)}>
          {published.close}
        </button>
      )}
      <CloseQuestion
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          show(unwrap(closeSales(options)));
        }}
      />
    </section>
  );
}

function useSales(eventId: string) {
  const [sales, setSales] = useState<SalesView | null>(null);
  const show = useCallback((read: Promise<SalesView>) => {
    // The next look tries again.
    read.then(setSales, () => undefined);
  }, []);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible")
        show(unwrap(getSales({ path: { event_id: eventId } })));
    };
    look();
    const timer = setInterval(look, PACE);
    return () => clearInterval(timer);
  }, [eventId, show]);
  return { sales, show };
}

function Reason({ sales: { sales, reason } }: { sales: SalesView }) {
  const { published } = useTexts();
  if (sales === "on" && reason === null) return null;
  const words =
    reason === "account_lost"
      ? published.accountLost
      : reason === "event_over"
        ? published.over
        : sales === "paused"
          ? published.paused
          : published.closed;
  return (
    <p className="small secondary" role="status">
      {words}
    </p>
  );
}

function SalesTable({ sales }: { sales: SalesView }) {
  const { published, language } = useTexts();
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
          <tr key={tier.tier_id}>
            <th scope="row">{tier.name}</th>
            <td>{published.saleStates[tier.state]}</td>
            <td className="r">
              <Sold {...tier} />
            </td>
            <td className="r">{money(tier.amount, currency, language)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{published.together}</th>
          <td />
          <td className="r">
            <Sold sold={total.sold} quantity={total.quantity} />
          </td>
          <td className="r">{money(total.amount, currency, language)}</td>
        </tr>
      </tfoot>
    </table>
  );
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

interface CloseQuestionProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

function CloseQuestion({ open, onClose, onConfirm }: CloseQuestionProps) {
  const { published } = useTexts();
  const heading = useId();
  return (
    <Dialog open={open} onClose={onClose} labelledBy={heading} className="dialog">
      <h2 className="heading-2" id={heading}>
        {published.closeQuestion}
      </h2>
      <p>{published.closeSentence}</p>
      <div className="acts">
        <button type="button" className="button danger" onClick={onConfirm}>
          {published.close}
        </button>
        <button type="button" className="button line" onClick={onClose}>
          {published.keepOpen}
        </button>
      </div>
    </Dialog>
  );
}
