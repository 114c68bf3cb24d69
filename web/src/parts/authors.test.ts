import { expect, test } from "vitest";

import type { ListedAction } from "../api/generated";
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
  authorOf("eventSetup", { path: "/title", baseRevision }, title, actions);

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
