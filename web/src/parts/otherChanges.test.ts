import { expect, test } from "vitest";

import type { ListedAction } from "../api/generated";
import { otherChanges } from "./otherChanges";

function saved(revision: number, name: string, event: object): ListedAction {
  return {
    revision,
    name: "save_stage",
    actor_id: name.toLowerCase(),
    user_name: name,
    at: new Date(revision * 60_000).toISOString(),
    sections: { event },
  };
}

const NOW = { title: "Zwei", summary: "Cold.", dressCode: "Dark" };
const ACTIONS = [
  saved(6, "Ada", NOW),
  saved(5, "Noor", { title: "Zwei", summary: "Cold." }),
  saved(4, "Ada", { title: "Eins" }),
];

function conflict(baseRevision: number) {
  const entry = {
    stage: "eventSetup",
    path: "/title",
    base: "Eins",
    baseRevision,
    value: "Erster",
    at: 0,
  } as const;
  return { stage: "eventSetup", clash: { entry, theirs: "Zwei" } } as const;
}

const pathsOf = (baseRevision: number) =>
  otherChanges([conflict(baseRevision)], ACTIONS, NOW, "ada").map(({ path }) => path);

test("changes of others are told, but no conflict and nothing of the person", () => {
  expect(pathsOf(4)).toEqual(["/summary"]);
});

test("changes that the person had seen are not told", () => {
  expect(pathsOf(5)).toEqual([]);
});

test("nothing is told if the data before is not known", () => {
  expect(pathsOf(3)).toEqual([]);
});
