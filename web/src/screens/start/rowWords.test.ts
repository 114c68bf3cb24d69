import { expect, test } from "vitest";

import type { Assumption } from "../../api/generated";
import type { Json } from "../../session/json";
import type { Stage } from "../../stages/stages";
import type { Texts } from "../../texts";
import { first } from "../../texts/de/first";
import { session } from "../../texts/de/session";
import { en } from "../../texts/en";
import { longDate } from "../../texts/format";
import type { ValueRow } from "./rows";
import { optionsInWords, questionWords, rowAssumptions, rowLabel, rowWords } from "./rowWords";
import type { Option, Question } from "./understanding";

const ENGLISH: Texts = { ...en, language: "en-GB" };
const GERMAN = { ...first, ...session, language: "de-DE" } as Texts;

function row(id: string, ...fields: [string, Json, Assumption?][]): ValueRow {
  return {
    kind: "value",
    id,
    isLeftOut: false,
    fields: fields.map(([key, value, assumed]) => {
      const at = key.indexOf("/");
      const pointer = key.slice(at).replace(/^\/(tiers|sponsors)\/.*/, "/$1/-");
      const stage = key.slice(0, at) as Stage;
      return { key, stage, pointer, value, assumed: assumed ?? null, question: null };
    }),
  };
}

function asked(code: Question["code"], ...options: Option[]): Question {
  return { code, stage: "eventSetup", pointer: "/startTime", start: 0, end: 0, text: "", options };
}

const LISBON = row(
  "place",
  ["venueSetup/address/city", "Lisbon"],
  ["venueSetup/address/country", "PT", "country_of_city"],
  ["venueSetup/mode", "physical", "mode_of_place"],
  ["eventSetup/timezone", "Europe/Lisbon", "zone_of_city"],
);

test("a place is said with its time zone", () => {
  expect(rowLabel(ENGLISH, LISBON)).toBe("Place");
  expect(rowWords(ENGLISH, LISBON, "usd")).toEqual({
    main: "Lisbon, Portugal",
    beside: ["Lisbon time"],
  });
  expect(rowAssumptions(ENGLISH, LISBON)).toEqual(["the country", "on site", "the time zone"]);
});

test("a time zone alone is called one, and a place online has no address", () => {
  const zone = row("place", ["eventSetup/timezone", "Europe/Berlin", "zone_of_person"]);
  expect(rowLabel(ENGLISH, zone)).toBe("Time zone");
  expect(rowWords(ENGLISH, zone, "usd")).toEqual({ main: "Berlin time", beside: [] });
  const online = row("place", ["venueSetup/mode", "virtual"]);
  expect(rowWords(ENGLISH, online, "usd")).toEqual({ main: "Online", beside: [] });
});

test.each([
  [row("type", ["eventSetup/type", "popup"]), "Kind", "Pop-up", "Art", "Pop-up"],
  [row("startTime", ["eventSetup/startTime", "19:00"]), "Starts", "19:00", "Beginn", "19:00"],
  [row("doorsTime", ["venueSetup/doorsTime", "18:00"]), "Doors", "18:00", "Einlass", "18:00"],
  [
    row("capacity", ["venueSetup/capacity", 1_300]),
    "Room for",
    "1,300 people",
    "Platz für",
    "1.300 Personen",
  ],
  [
    row("date", ["eventSetup/date", "2027-03-12"]),
    "Date",
    longDate("2027-03-12", "en-GB"),
    "Datum",
    longDate("2027-03-12", "de-DE"),
  ],
  [
    row("organizer", ["organizerSetup/name", "Halm"]),
    "Organizer",
    "Halm",
    GERMAN.stages.names.organizerSetup,
    "Halm",
  ],
  [
    row("ticketSetup/refundPolicy", ["ticketSetup/refundPolicy", { kind: "until_days", days: 7 }]),
    "Refunds",
    "Until 7 days before",
    "Rückgabe",
    "Bis 7 Tage vorher",
  ],
  [
    row("sponsorsMedia/sponsors/A", ["sponsorsMedia/sponsors/A", { name: "A" }]),
    "Sponsor",
    "A",
    "Sponsor",
    "A",
  ],
])("%#: a row in English and German", (given, label, words, labelGerman, wordsGerman) => {
  expect(rowLabel(ENGLISH, given)).toBe(label);
  expect(rowWords(ENGLISH, given, "usd").main).toBe(words);
  expect(rowLabel(GERMAN, given)).toBe(labelGerman);
  expect(rowWords(GERMAN, given, "usd").main).toBe(wordsGerman);
});

test("several days are a range", () => {
  const days = row("date", ["eventSetup/date", "2026-12-04"], ["eventSetup/endDate", "2026-12-06"]);
  expect(rowWords(ENGLISH, days, "usd").main).toContain("4");
  expect(rowWords(ENGLISH, days, "usd").main).toContain("6 December 2026");
});

test("the same hours of consecutive days are said once, and others day by day", () => {
  const key = "eventSetup/openingHours";
  const hours = (...days: [string, string][]) =>
    rowWords(
      ENGLISH,
      row(key, [key, days.map(([date, closes]) => ({ date, opens: "10:00", closes }))]),
      "usd",
    ).main?.match(/10:00–\d\d:00/g);
  expect(hours(["2026-12-04", "18:00"], ["2026-12-05", "18:00"])).toEqual(["10:00–18:00"]);
  const other = ["10:00–18:00", "10:00–16:00"];
  expect(hours(["2026-12-04", "18:00"], ["2026-12-05", "16:00"])).toEqual(other);
  expect(hours(["2026-12-04", "18:00"], ["2026-12-06", "18:00"])).toHaveLength(2);
});

test("a price is in the currency of the tickets; without one, that is assumed", () => {
  const tier = { name: "Standard", kind: "paid", unit_amount: 2_500 };
  const key = "ticketSetup/tiers/Standard";
  const inEuros = row(key, [key, tier, "tier_name"], ["ticketSetup/currency", "eur"]);
  expect(rowWords(ENGLISH, inEuros, "usd").main).toBe("Standard, €25.00");
  expect(rowAssumptions(ENGLISH, inEuros)).toEqual(["the name"]);
  const unsaid = row(key, [key, tier]);
  expect(rowWords(ENGLISH, unsaid, "usd").main).toBe("Standard, US$25.00");
  expect(rowAssumptions(ENGLISH, unsaid)).toEqual(["the currency"]);
});

test("a donation is not free", () => {
  const key = "ticketSetup/tiers/Donation";
  const donation = row(key, [key, { name: "Donation", kind: "donation", unit_amount: 0 }]);
  expect(rowWords(ENGLISH, donation, "usd").main).toBe("Donation, guests choose the amount");
});

test("an assumed year is named", () => {
  const year = new Date().getFullYear();
  const dated = (date: string) => row("date", ["eventSetup/date", date, "year"]);
  expect(rowAssumptions(ENGLISH, dated(`${year}-12-31`))).toEqual(["this year"]);
  expect(rowAssumptions(ENGLISH, dated(`${year + 1}-03-12`))).toEqual(["next year"]);
});

test("an emptied row has no words", () => {
  expect(rowWords(ENGLISH, row("title", ["eventSetup/title", ""]), "usd").main).toBeNull();
});

test("a question has the words of the sentence, also after an emoji", () => {
  const sentence = "🎩 at 7";
  const question = { ...asked("half_of_day"), start: 2, end: 7 };
  expect(questionWords(ENGLISH, question, sentence)).toBe(
    "At 7 in the morning, or in the evening?",
  );
  expect(questionWords(GERMAN, question, sentence)).toBe("At 7 morgens, oder abends?");
});

test.each([
  ["evening", { time: "19:00" }, "19:00", "19:00"],
  [
    "date",
    { date: "2027-05-12" },
    longDate("2027-05-12", "en-GB"),
    longDate("2027-05-12", "de-DE"),
  ],
  [
    "city",
    { city: "Portland", region: "OR", country: "US" },
    "Portland, OR, United States",
    "Portland, OR, Vereinigte Staaten",
  ],
  ["currency", { currency: "cad" }, "Canadian Dollar", "Kanadischer Dollar"],
  ["fashion_show", {}, "Fashion show", "Modenschau"],
  ["both_days", {}, "Both days", "Beide Tage"],
  ["online_access", {}, "The stream", "Die Übertragung"],
  ["price", { number: 25 }, "A price of 25", "Ein Preis von 25"],
  ["capacity", { number: 25 }, "25 people", "25 Personen"],
] as const)("the option %s in words", (code, params, english, german) => {
  const question = asked("which_day", { code, params: { ...params }, text: "", facts: [] });
  expect(optionsInWords(ENGLISH, question)).toEqual([english]);
  expect(optionsInWords(GERMAN, question)).toEqual([german]);
});

test("cities that would read the same are told apart by the numbers of their regions", () => {
  const cities = ["29", "55"].map((region) => ({
    code: "city" as const,
    params: { city: "Salamanca", region, country: "ES" },
    text: `Salamanca, ${region}, ES`,
    facts: [],
  }));
  expect(optionsInWords(ENGLISH, asked("which_city", ...cities))).toEqual([
    "Salamanca, 29, ES",
    "Salamanca, 55, ES",
  ]);
  expect(optionsInWords(ENGLISH, asked("which_city", ...cities.slice(1)))).toEqual([
    "Salamanca, Spain",
  ]);
});
