import type { SalesView, TierSales } from "../../api/generated";

/** Whether buyers can order: the organizer's switch, unless the account or the time stops the sales. */
export function salesState({ sales, reason }: SalesView): SalesView["sales"] {
  if (reason === "account_lost") return "paused";
  return reason === "event_over" ? "closed" : sales;
}

/** What buyers paid and did not get back, in the minor unit of the currency. */
export function taken({ amount, refunded }: Pick<TierSales, "amount" | "refunded">): number {
  return amount - refunded;
}
