import { isObject, type Json, type JsonObject } from "../session/json";
import { patched } from "../session/mergePatch";
import type { Handler } from "./handlers";
import { invalidArgument } from "./problems";
import type { Writer } from "./Writer";

/** To add, change and remove one ticket, of the list that the assistant has read. */
export function ticketHandlers(
  writer: Writer,
): Record<"addTier" | "changeTier" | "removeTier", Handler> {
  const change = (change: (tiers: JsonObject[], args: JsonObject) => Json[]): Handler => {
    return (args, call) =>
      writer.write(call, "ticketSetup", (base) => ({ tiers: change(tiersOf(base), args) }));
  };
  return {
    addTier: change((tiers, { id: _, ...fields }) => [...tiers, fields]),
    changeTier: change((tiers, { tier, id: _, ...fields }) => {
      const index = indexOf(tiers, tier);
      return tiers.map((other, at) => (at === index ? patched(other, fields) : other));
    }),
    removeTier: change((tiers, { tier }) => tiers.toSpliced(indexOf(tiers, tier), 1)),
  };
}

function tiersOf({ tiers }: JsonObject): JsonObject[] {
  return Array.isArray(tiers) ? tiers.filter(isObject) : [];
}

/**
 * The place of the ticket with an id or a name.
 *
 * @throws ApiProblem if there is none, or if several have the name
 */
function indexOf(tiers: readonly JsonObject[], reference: Json | undefined): number {
  const byId = tiers.findIndex(({ id }) => id === reference);
  if (reference !== undefined && byId >= 0) return byId;
  const named = [...tiers.keys()].filter((at) => isNamed(tiers[at], reference));
  const [index, ...others] = named;
  if (index === undefined || others.length > 0) throw invalidArgument("/tier", "unknown_id");
  return index;
}

function isNamed(tier: JsonObject | undefined, name: Json | undefined): boolean {
  const own = tier?.["name"];
  if (typeof own !== "string" || typeof name !== "string") return false;
  return own.trim().toLowerCase() === name.trim().toLowerCase();
}
