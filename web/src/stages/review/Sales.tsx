import { useId } from "react";

import type { Event, SalesView } from "../../api/generated";
import { useWizard } from "../../api/wizard";
import { Icon } from "../../look/Icon";
import { useTexts } from "../../texts";
import { SalesTable } from "./SalesTable";
import type { Sales as SalesState } from "./useSales";

interface SalesProps extends SalesState {
  event: Event;
}

/** What is sold, as it comes in, and the switch of the sale. */
export function Sales({ event, sales, change, hasFailed, isAway }: SalesProps) {
  const { published } = useTexts();
  useWizard(); // for the decimals of currencies
  const heading = useId();
  if (isAway)
    return (
      <p className="small secondary mt-12" role="status">
        {published.noSales}
      </p>
    );
  if (sales === null || sales.tiers.length === 0) return null;
  const isOn = sales.sales === "on";
  return (
    <section aria-labelledby={heading}>
      <div className="section-heading mt-12">
        <h2 className="heading-2" id={heading}>
          {published.sales}
        </h2>
        {/* One button, which keeps the focus when its meaning changes. */}
        {sales.sales !== "closed" && (
          <button
            type="button"
            className="text-button tight small end"
            onClick={() => change(isOn ? "pause" : "resume")}
          >
            <Icon name={isOn ? "pause" : "play"} small />
            {isOn ? published.pause : published.resume}
          </button>
        )}
      </div>
      {hasFailed && (
        <p className="field-error" role="alert">
          <Icon name="alert" small />
          <span>{published.changeFailed}</span>
        </p>
      )}
      <Reason sales={sales} />
      <SalesTable event={event} sales={sales} />
    </section>
  );
}

/** Why nobody can buy. The element is always there, so that a change is announced. */
function Reason({ sales: { sales, reason } }: { sales: SalesView }) {
  const { published } = useTexts();
  const words =
    reason === "account_lost"
      ? published.accountLost
      : reason === "event_over"
        ? published.over
        : sales === "on"
          ? ""
          : published[sales];
  return (
    <p className="small secondary" role="status">
      {words}
    </p>
  );
}
