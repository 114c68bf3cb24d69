import { expect, test } from "vitest";

import type { ListedAction } from "../../api/generated";
import type { JsonObject } from "../../session/json";
import { en } from "../../texts/en";
import { rowTitle } from "./rowTitle";
import { dataAt, differencesBetween, rowsOf } from "./trail";

const MINUTE = 60_000;

function action(revision: number, minute: number, rest: Partial<ListedAction>): ListedAction {
  return {
    revision,
    name: "save_stage",
    stage: "eventSetup",
    actor_id: "ada",
    user_name: "Ada",
    at: new Date(minute * MINUTE).toISOString(),
    ...rest,
  };
}

const tiers = [{ id: "tier-1", name: "Early bird", kind: "paid" as const, unit_amount: 1800 }];

/** Newest first, as the API lists them. */
const TRAIL: ListedAction[] = [
  action(5, 40, {
    stage: "ticketSetup",
    actor_id: "noor",
    sections: { ticket: { tiers: tiers.map((tier) => ({ ...tier, unit_amount: 30 })) } },
  }),
  action(4, 30, { stage: "ticketSetup", sections: { ticket: { tiers } } }),
  action(3, 20, { name: "move_to_stage", stage: "venueSetup" }),
  action(2, 2, { sections: { event: { title: "Nacht", type: "launch" } } }),
  action(1, 0, { sections: { event: { title: "N" } } }),
];

const titles = (actions: readonly ListedAction[], isWhole: boolean) =>
  rowsOf(actions, isWhole).map((row) =>
    rowTitle(en, row, (stage): JsonObject => (stage === "ticketSetup" ? { tiers } : {})),
  );

test("a row says what its change was", () => {
  expect(titles(TRAIL, true)).toEqual([
    "Early bird: price",
    "Early bird added",
    "Moved on to Venue",
    "Title, kind of event",
  ]);
});

test("many stages are counted instead of named", () => {
  const sections = {
    organizer: { name: "Studio Halm" },
    event: { title: "Nacht", type: "launch" as const },
    venue: { name: "Alte Gießerei" },
    sponsor: { hashtag: "#nacht" },
  };
  expect(titles([action(1, 0, { stage: null, sections })], true)).toEqual([
    "Four stages: 4 fields",
  ]);
});

test("saves of one person one after another are one row with the newest revision", () => {
  const [row] = rowsOf(TRAIL.slice(3), true);
  expect(row?.revision).toBe(2);
  expect(rowsOf(TRAIL.slice(3), true)).toHaveLength(1);
});

test("the oldest save names its stage alone if the data before it is not known", () => {
  expect(titles(TRAIL.slice(0, 2), false)).toEqual(["Early bird: price", "Tickets: saved"]);
});

test("steps of a publication and looks at Stripe are left out", () => {
  const steps = [
    action(7, 51, { name: "publication_step" }),
    action(6, 50, { name: "check_payments" }),
  ];
  expect(rowsOf([...steps, ...TRAIL], true)).toHaveLength(4);
});

test("the data at a revision has what was written up to it", () => {
  const then = dataAt(TRAIL, true, 3);
  expect(then?.eventSetup).toEqual({ title: "Nacht", type: "launch" });
  expect(then?.ticketSetup).toEqual({});
  expect(dataAt(TRAIL, false, 3)).toBeNull();
});

test("what changed since is one difference for each field", () => {
  const [then, now] = [dataAt(TRAIL, true, 4), dataAt(TRAIL, true, 5)];
  if (then === null || now === null) throw new Error("the trail is whole");
  expect(differencesBetween(then, now)).toEqual([
    { stage: "ticketSetup", path: "/tiers/tier-1/unit_amount", from: 1800, to: 30 },
  ]);
});
