import type { Tier } from "../api/generated";
import { useWizard } from "../api/wizard";
import { moved } from "../fields/MoveButtons";
import { newId } from "../session/newElements";
import { useSession } from "../session/SessionContext";
import { inCurrency, takesPayment, tightestRoom } from "./tickets/tiers";
import { useStageForm } from "./useStageForm";

/** A tier as the list shows it: new ones have an id of this browser. */
export type ShownTier = Tier & { id: string };

/** The stage Tickets: who gets in, and for how much. */
export function useStageTicketSetup() {
  const form = useStageForm("ticketSetup");
  const state = useSession();
  const wizard = useWizard();
  const venue = state.data("venueSetup");
  const tiers = (form.data.tiers ?? []) as ShownTier[];
  const currency = form.data.currency || wizard?.default_currency || "usd";

  const changeTiers = (changed: ShownTier[]) => form.change({ tiers: changed });
  return {
    form,
    tiers,
    currency,
    currencies: wizard?.currencies ?? [],
    mostTiers: wizard?.limits.tiers,
    venueName: venue.name || null,
    room: tightestRoom(tiers, form.data.totalCapacity, venue),
    isHybrid: venue.mode === "hybrid",
    isPaid: tiers.some(takesPayment),
    changeCurrency: (code: string) => {
      const converted = tiers.map((tier) => inCurrency(tier, currency, code));
      const isAsBefore = converted.every((tier, index) => tier === tiers[index]);
      form.change(isAsBefore ? { currency: code } : { currency: code, tiers: converted });
    },
    add: (tier: Tier): string => {
      const id = newId();
      changeTiers([...tiers, { ...tier, id }]);
      return id;
    },
    addAll: (added: readonly Tier[]) =>
      changeTiers([...tiers, ...added.map((tier) => ({ ...tier, id: newId() }))]),
    changeTier: (id: string, patch: Tier) =>
      changeTiers(tiers.map((tier) => (tier.id === id ? { ...tier, ...patch, id } : tier))),
    remove: (id: string) => changeTiers(tiers.filter((tier) => tier.id !== id)),
    move: (from: number, to: number) => changeTiers(moved(tiers, from, to)),
  };
}

export type TicketStage = ReturnType<typeof useStageTicketSetup>;
