import { describe, expect, it } from "vitest";
import type { SalesView } from "../../api/generated";
import { salesState } from "./salesFacts";

function view(changes: Partial<SalesView>): SalesView {
  return {
    event_id: "",
    sales: "on",
    reason: null,
    currency: "eur",
    tiers: [],
    total: { quantity: 4, sold: 2, held: 0, left: 2, amount: 50_000, refunded: 25_000 },
    ...changes,
  };
}

describe("the state of the sales", () => {
  it("is the organizer's switch", () => {
    expect(salesState(view({}))).toBe("on");
    expect(salesState(view({ sales: "paused", reason: "organizer" }))).toBe("paused");
    expect(salesState(view({ sales: "closed", reason: "organizer" }))).toBe("closed");
  });

  it("is what buyers see without an account, and after the event", () => {
    expect(salesState(view({ reason: "account_lost" }))).toBe("paused");
    expect(salesState(view({ reason: "event_over" }))).toBe("closed");
  });
});
