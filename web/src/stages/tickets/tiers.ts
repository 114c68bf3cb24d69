import type { Tier, TierAccess, VenueMode } from "../../api/generated";
import { decimalsOf } from "../../texts/format";
import type { Drafts } from "../stages";

/** Places, and the tickets of which each takes one. */
export interface Room<T extends Tier = Tier> {
  places: number;
  tiers: readonly T[];
  /** The places are the venue's; otherwise the event has so many tickets in all. */
  isOfVenue: boolean;
}

const AMOUNTS = ["unit_amount", "minAmount"] as const satisfies readonly (keyof Tier)[];

/** Of a ticket that does not say where it lets people in: all that the venue offers. */
const ACCESS_OF_MODE: Readonly<Record<VenueMode, TierAccess>> = {
  physical: "in_person",
  virtual: "online",
  hybrid: "both",
};

/**
 * The limit that is reached first, by the rule of the publish checks: all tickets count for the event,
 * and those that let people in on site for the venue. Null if neither has a limit.
 */
export function tightestRoom<T extends Tier>(
  tiers: readonly T[],
  totalCapacity: number | null | undefined,
  { mode, capacity }: Pick<Drafts["venueSetup"], "mode" | "capacity">,
): Room<T> | null {
  const rooms: Room<T>[] = [];
  if (mode && mode !== "virtual" && typeof capacity === "number") {
    const onSite = tiers.filter(({ access }) => (access ?? ACCESS_OF_MODE[mode]) !== "online");
    rooms.push({ places: capacity, tiers: onSite, isOfVenue: true });
  }
  if (typeof totalCapacity === "number")
    rooms.push({ places: totalCapacity, tiers, isOfVenue: false });
  return rooms.sort((one, other) => placesLeft(one) - placesLeft(other))[0] ?? null;
}

/** Negative if there are more tickets than places. */
export function placesLeft({ places, tiers }: Room): number {
  return places - ticketsOf(tiers);
}

/** How many tickets there are. A draft's quantity may be any value. */
export function ticketsOf(tiers: readonly Tier[]): number {
  return tiers.reduce(
    (sum, { quantity }) => sum + (typeof quantity === "number" && quantity > 0 ? quantity : 0),
    0,
  );
}

/**
 * The ticket with the numbers of its amounts in another currency: 25 yen become 25 euros, and not the
 * 25 cents that its minor units would be. What the other currency has no decimals for is rounded.
 */
export function inCurrency<T extends Tier>(tier: T, from: string, to: string): T {
  const factor = 10 ** (decimalsOf(to) - decimalsOf(from));
  if (factor === 1) return tier;
  const amounts = AMOUNTS.flatMap((name) => {
    const amount = tier[name];
    return typeof amount === "number" ? [[name, Math.round(amount * factor)]] : [];
  });
  return { ...tier, ...Object.fromEntries(amounts) };
}

/** Whether a ticket needs an account at Stripe: it is sold, and for a price or what guests give. */
export function takesPayment({ kind, unit_amount, quantity }: Tier): boolean {
  const known = kind ?? ((unit_amount ?? 0) > 0 ? "paid" : "free");
  return quantity !== 0 && known !== "free";
}
