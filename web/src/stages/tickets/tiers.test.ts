import { expect, test } from "vitest";

import type { Tier } from "../../api/generated";
import { inCurrency, placesLeft, takesPayment, ticketsOf, tightestRoom } from "./tiers";

const standing: Tier = { name: "Standing", quantity: 200 };
const seated: Tier = { name: "Seated", quantity: 60, access: "in_person" };
const stream: Tier = { name: "Stream", quantity: 900, access: "online" };
const everywhere: Tier = { name: "All", quantity: 20, access: "both" };

function leftIn(
  tiers: readonly Tier[],
  total: number | null,
  venue: Parameters<typeof tightestRoom>[2],
) {
  const room = tightestRoom(tiers, total, venue);
  return room && { isOfVenue: room.isOfVenue, left: placesLeft(room), tiers: room.tiers };
}

test.each([
  ["on site", "physical", [standing, seated], 0],
  ["hybrid, without access", "hybrid", [standing], 60],
  ["hybrid, with online tickets", "hybrid", [standing, stream, everywhere], 40],
  ["on site, with an online ticket by mistake", "physical", [seated, stream], 200],
] as const)("%s: tickets for the room count for the venue", (_name, mode, tiers, left) => {
  const counted = tiers.filter(({ access }: Tier) => access !== "online");
  expect(leftIn(tiers, null, { mode, capacity: 260 })).toEqual({
    isOfVenue: true,
    left,
    tiers: counted,
  });
});

test.each([
  { mode: "virtual", capacity: 5 } as const,
  { capacity: 5 },
  { mode: "hybrid" } as const,
])("a venue like %o has no places to count", (venue) => {
  expect(leftIn([standing, stream], null, venue)).toBeNull();
});

test("all tickets count for those of the event in all", () => {
  const all = leftIn([standing, stream], 1_000, { mode: "hybrid", capacity: 260 });
  expect(all).toEqual({ isOfVenue: false, left: -100, tiers: [standing, stream] });
});

test("the limit that is reached first is shown", () => {
  const venue = { mode: "hybrid", capacity: 190 } as const;
  expect(leftIn([standing, stream], 1_200, venue)).toMatchObject({ isOfVenue: true, left: -10 });
});

test("quantities that are open, or no numbers, count nothing", () => {
  const typed = { quantity: "many" } as unknown as Tier;
  expect(ticketsOf([{}, { quantity: null }, typed, seated])).toBe(60);
});

test.each([
  [{ kind: "paid" }, true],
  [{ unit_amount: 1 }, true],
  [{ kind: "donation", quantity: 10 }, true],
  [{ kind: "paid", unit_amount: 2_500, quantity: 0 }, false],
  [{ kind: "free" }, false],
  [{ unit_amount: 0 }, false],
  [{}, false],
] as const satisfies [Tier, boolean][])("%o takes a payment: %s", (tier, expected) => {
  expect(takesPayment(tier)).toBe(expected);
});

test.each([
  ["eur", "jpy", 2_500, 25],
  ["jpy", "eur", 25, 2_500],
  ["eur", "jpy", 1_250, 13],
  ["eur", "usd", 2_550, 2_550],
  ["eur", "kwd", 2_550, 25_500],
  ["jpy", "doubloons", 25, 2_500],
])("from %s to %s, a price keeps its number", (from, to, amount, converted) => {
  const tier: Tier = { name: "Standing", kind: "donation", unit_amount: amount, minAmount: amount };
  expect(inCurrency(tier, from, to)).toEqual({
    ...tier,
    unit_amount: converted,
    minAmount: converted,
  });
});

test("a ticket without a price stays as it is", () => {
  const tier: Tier = { name: "Standing", unit_amount: null };
  expect(inCurrency(tier, "eur", "jpy")).toEqual(tier);
});
