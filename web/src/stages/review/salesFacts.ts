import type { SalesView } from "../../api/generated";

/** Whether buyers can order: the organizer's switch, unless the account or the time stops the sales. */
export function salesState({ sales, reason }: SalesView): SalesView["sales"] {
  if (reason === "account_lost") return "paused";
  return reason === "event_over" ? "closed" : sales;
}
