import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { clashes } from "./clashes";
import type { JsonObject } from "./json";
import { type Landing, landed } from "./landings";
import { EMPTY, type Entry } from "./outbox";

const STAGE = "ticketSetup";
const TICKET = { id: "tier-1", name: "Standing" };

/** The person removes a ticket while a save of its description is on its way. */
const REMOVAL: Entry = {
  stage: STAGE,
  path: "/tiers/tier-1",
  base: TICKET,
  baseRevision: 2,
  value: undefined,
  at: 1,
};

/** Between both, at revision 3, another person has set its price. */
const SAVE: Landing = {
  key: "key",
  stage: STAGE,
  revision: 4,
  changes: [{ path: "/tiers/tier-1/description", from: undefined, to: "At the bar" }],
  issued: [],
  saved: [],
};

function view(revision: number, ticket: JsonObject): SessionView {
  const stages = { [STAGE]: { data: { tiers: [ticket] } } };
  return { revision, stages } as unknown as SessionView;
}

function landedRemoval(): Entry {
  const [entry] = landed(REMOVAL, SAVE);
  if (entry === undefined) throw new Error("The removal is gone.");
  return entry;
}

test("an entry that is moved onto a save still says what the person saw when they began", () => {
  const { base, baseRevision } = landedRemoval();
  expect(base).toEqual({ ...TICKET, description: "At the bar" });
  expect(baseRevision).toBe(2);
});

test("what another person changed before that save is asked about", () => {
  const theirs = { ...TICKET, price: 20, description: "At the bar" };
  const outbox = { ...EMPTY, entries: [landedRemoval()] };
  expect(clashes(outbox, view(4, theirs))).toEqual([{ entry: landedRemoval(), theirs }]);
});

test("a view that lacks the save asks nothing", () => {
  const outbox = { ...EMPTY, entries: [landedRemoval()] };
  expect(clashes(outbox, view(3, { ...TICKET, price: 20 }))).toEqual([]);
});

test("a save is taken into account once", () => {
  const renamed = { path: "/title", from: "Nacht", to: "Nachtschicht" };
  const save: Landing = { ...SAVE, stage: "eventSetup", changes: [renamed] };
  const typed: Entry = {
    ...REMOVAL,
    stage: "eventSetup",
    path: "/title",
    base: "Nacht",
    value: "N",
  };
  const [moved] = landed(typed, save);
  const again: Landing = {
    ...save,
    key: "older",
    changes: [{ ...renamed, from: "Nachtschicht", to: "X" }],
  };
  expect(moved?.base).toBe("Nachtschicht");
  expect(landed(moved as Entry, again)).toEqual([moved]);
});
