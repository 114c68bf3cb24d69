import { expect, test } from "vitest";

import type { ListedAction } from "../api/generated";
import type { JsonObject } from "../session/json";
import { authorOf } from "./authors";

function saved(revision: number, name: string, title: string): ListedAction {
  return {
    revision,
    name: "save_stage",
    actor_id: name.toLowerCase(),
    user_name: name,
    at: new Date(revision * 60_000).toISOString(),
    sections: { event: { title } },
  };
}

const authorOfTitle = (title: string, baseRevision: number, actions: readonly ListedAction[]) =>
  authorOf("eventSetup", { path: "/title", base: "Nacht", baseRevision }, title, actions);

test("the author is who wrote the value first, not who saved the stage last", () => {
  const actions = [
    saved(5, "Tomás", "Nacht II"),
    saved(4, "Noor", "Nacht II"),
    saved(3, "Ada", "Nacht"),
  ];
  expect(authorOfTitle("Nacht II", 3, actions)?.name).toBe("Noor");
});

test("changes that the person had seen are not asked", () => {
  expect(authorOfTitle("Nacht II", 4, [saved(4, "Noor", "Nacht II")])).toBeNull();
});

test("a value that the audit trail has not yet has no author", () => {
  expect(authorOfTitle("Nacht III", 3, [saved(4, "Noor", "Nacht II")])).toBeNull();
});

test("the author of an element is who changed it, not who saved another field of it", () => {
  const action = (revision: number, name: string, tier: JsonObject) => ({
    ...saved(revision, name, ""),
    sections: { ticket: { tiers: [{ id: "tier-1", ...tier }] } },
  });
  const actions = [
    action(4, "Ada", { price: 20, description: "At the bar" }),
    action(3, "Noor", { price: 20 }),
    action(2, "Tomás", { price: 10 }),
  ];
  const base = { id: "tier-1", price: 10, description: "At the bar" };
  const removed = { path: "/tiers/tier-1", base, baseRevision: 2 };
  expect(authorOf("ticketSetup", removed, { ...base, price: 20 }, actions)?.name).toBe("Noor");
});
