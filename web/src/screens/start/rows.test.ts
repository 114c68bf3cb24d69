import { expect, test } from "vitest";

import type { Assumption } from "../../api/generated";
import {
  allChanged,
  answered,
  changed,
  NO_CORRECTIONS,
  withLeftOut,
  withPutBack,
} from "./corrections";
import { openQuestions, optionKey, questionKey, rowsOf, sectionsOf, withCurrency } from "./rows";
import type { Fact, Question, Understanding } from "./understanding";

type Said = [Fact["stage"], string, unknown, Assumption?];

function fact([stage, pointer, value, assumed]: Said): Fact {
  return { stage, pointer, value, start: 0, end: 1, assumed: assumed ?? null };
}

function said(facts: readonly Said[], questions: Question[] = []): Understanding {
  return { facts: facts.map(fact), questions, unused: "" };
}

const START: Question = {
  code: "half_of_day",
  stage: "eventSetup",
  pointer: "/startTime",
  start: 0,
  end: 4,
  text: "",
  options: [["morning", "07:00", "06:00"] as const, ["evening", "19:00", "18:00"] as const].map(
    ([code, time, doors]) => ({
      code,
      params: { time },
      text: "",
      facts: [
        fact(["eventSetup", "/startTime", time]),
        fact(["venueSetup", "/doorsTime", doors, "before_start"]),
      ],
    }),
  ),
};
const [, EVENING] = START.options;

const HAT_ROOM: readonly Said[] = [
  ["eventSetup", "/type", "popup"],
  ["eventSetup", "/title", "The Hat Room"],
  ["eventSetup", "/date", "2027-03-12", "year"],
  ["venueSetup", "/address/city", "Lisbon"],
  ["venueSetup", "/address/country", "PT", "country_of_city"],
  ["venueSetup", "/mode", "physical", "mode_of_place"],
  ["eventSetup", "/timezone", "Europe/Lisbon", "zone_of_city"],
  ["venueSetup", "/capacity", 300],
  ["ticketSetup", "/currency", "eur"],
  ["ticketSetup", "/tiers/-", { name: "Standard", kind: "paid", unit_amount: 2_500 }, "tier_name"],
  ["sponsorsMedia", "/hashtag", "#hats"],
];

function ids(...given: Parameters<typeof rowsOf>) {
  return rowsOf(...given).map(({ id }) => id);
}

test("rows are in the order of the list, a question among them", () => {
  expect(ids(said(HAT_ROOM, [START]), NO_CORRECTIONS)).toEqual([
    "title",
    "type",
    "date",
    questionKey(START),
    "place",
    "capacity",
    "ticketSetup/tiers/Standard",
    "sponsorsMedia/hashtag",
  ]);
});

test("all that was understood is what the session begins with", () => {
  expect(sectionsOf(rowsOf(said(HAT_ROOM, [START]), NO_CORRECTIONS))).toEqual({
    event: {
      type: "popup",
      title: "The Hat Room",
      date: "2027-03-12",
      timezone: "Europe/Lisbon",
    },
    venue: { address: { city: "Lisbon", country: "PT" }, mode: "physical", capacity: 300 },
    ticket: {
      currency: "eur",
      tiers: [{ name: "Standard", kind: "paid", unit_amount: 2_500 }],
    },
    sponsor: { hashtag: "#hats" },
  });
});

test("an answer brings the facts of its option, and closes the question", () => {
  const answer = answered(NO_CORRECTIONS, questionKey(START), optionKey(EVENING as never));
  const rows = rowsOf(said(HAT_ROOM, [START]), answer);
  expect(openQuestions(rows)).toEqual([]);
  expect(sectionsOf(rows)).toMatchObject({
    event: { startTime: "19:00" },
    venue: { doorsTime: "18:00" },
  });
});

test("an answer that is no option any more leaves the question open", () => {
  const answer = answered(NO_CORRECTIONS, questionKey(START), 'morning {"time":"08:00"}');
  expect(openQuestions(rowsOf(said([], [START]), answer))).toEqual([START]);
});

test("a row that is left out stays in its place, and is not saved until it is put back", () => {
  const left = withLeftOut(NO_CORRECTIONS, "place");
  const rows = rowsOf(said(HAT_ROOM), left);
  expect(rows.find(({ id }) => id === "place")).toMatchObject({ isLeftOut: true });
  expect(sectionsOf(rows)["venue"]).toEqual({ capacity: 300 });
  expect(sectionsOf(rows)["event"]).not.toHaveProperty("timezone");
  const back = rowsOf(said(HAT_ROOM), withPutBack(left, "place"));
  expect(sectionsOf(back)["event"]).toHaveProperty("timezone", "Europe/Lisbon");
});

test("a question that is left out is open no more", () => {
  const left = withLeftOut(NO_CORRECTIONS, questionKey(START));
  expect(openQuestions(rowsOf(said(HAT_ROOM, [START]), left))).toEqual([]);
});

test("what the person has changed stays when the sentence says something else", () => {
  let own = changed(NO_CORRECTIONS, "eventSetup/title", "Mine");
  own = changed(own, "ticketSetup/tiers/Standard", { name: "Seated", unit_amount: 900 });
  own = withLeftOut(own, "capacity");
  const later = said([
    ["eventSetup", "/title", "Theirs"],
    ["venueSetup", "/capacity", 20],
  ]);
  expect(sectionsOf(rowsOf(later, own))).toEqual({
    event: { title: "Mine" },
    ticket: { tiers: [{ name: "Seated", unit_amount: 900 }] },
  });
});

test("a changed value is no longer assumed, and its field is not asked about", () => {
  const own = changed(NO_CORRECTIONS, "eventSetup/startTime", "20:00");
  const rows = rowsOf(said([["eventSetup", "/date", "2027-03-12", "year"]], [START]), own);
  expect(openQuestions(rows)).toEqual([]);
  const [date] = rowsOf(said(HAT_ROOM), changed(own, "eventSetup/date", "2027-03-13")).filter(
    ({ id }) => id === "date",
  );
  expect(date).toMatchObject({ fields: [{ value: "2027-03-13", assumed: null }] });
});

test("an emptied field is not saved", () => {
  const own = changed(NO_CORRECTIONS, "eventSetup/title", "");
  expect(sectionsOf(rowsOf(said([["eventSetup", "/title", "A"]]), own))).toEqual({});
});

test("tickets of the same name are two, and each can be left out", () => {
  const twice: Said = ["ticketSetup", "/tiers/-", { name: "Standard", unit_amount: 100 }];
  const rows = rowsOf(said([twice, twice]), NO_CORRECTIONS);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
  const left = rowsOf(said([twice, twice]), withLeftOut(NO_CORRECTIONS, rows[0]?.id ?? ""));
  expect(sectionsOf(left)).toEqual({ ticket: { tiers: [{ name: "Standard", unit_amount: 100 }] } });
});

test("the currency is a part of the tickets, and a row of its own without them", () => {
  const currency: Said = ["ticketSetup", "/currency", "eur"];
  expect(ids(said([currency]), NO_CORRECTIONS)).toEqual(["ticketSetup/currency"]);
  const free: Said = ["ticketSetup", "/tiers/-", { name: "A", unit_amount: 1 }];
  expect(ids(said([currency, free]), NO_CORRECTIONS)).toEqual(["ticketSetup/tiers/A"]);
});

test("the prices of all tickets keep their numbers in another currency", () => {
  const tickets: readonly Said[] = [
    ["ticketSetup", "/currency", "jpy"],
    ["ticketSetup", "/tiers/-", { name: "A", unit_amount: 25 }],
    ["ticketSetup", "/tiers/-", { name: "B", unit_amount: 40 }],
  ];
  const before = rowsOf(said(tickets), NO_CORRECTIONS);
  const changes = withCurrency(before, "eur", () => "jpy");
  const after = rowsOf(said(tickets), allChanged(NO_CORRECTIONS, changes));

  expect(sectionsOf(after)).toEqual({
    ticket: {
      currency: "eur",
      tiers: [
        { name: "A", unit_amount: 2_500 },
        { name: "B", unit_amount: 4_000 },
      ],
    },
  });
});

test("a currency with as many decimals changes no ticket", () => {
  expect(withCurrency(rowsOf(said(HAT_ROOM), NO_CORRECTIONS), "usd", () => "eur")).toEqual([
    ["ticketSetup/currency", "usd"],
  ]);
});
