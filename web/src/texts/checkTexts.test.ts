import { describe, expect, test } from "vitest";

import type { CheckCode } from "../api/generated";
import type { CheckText } from "./checkTexts";
import { session as german } from "./de/session";
import { session as english } from "./en/session";

const LANGUAGES = [
  ["en", english],
  ["de", german],
] as const;

/** Every code, with parameters of each kind. `tests/architecture` compares the reasons with the domain's. */
const FOUND: Readonly<Record<CheckCode, readonly object[]>> = {
  stage_invalid: [1, 3].map((errors) => ({
    errors,
    first: { pointer: "/title", code: "missing", params: {} },
  })),
  event_not_in_future: [{ value: "date" }, { value: "end_date" }, { reason: "publish_at" }],
  payments_not_ready: [
    "not_connected",
    "onboarding",
    "restricted",
    "rejected",
    "unauthorized",
    "unknown",
    "disconnected",
    "newer",
  ].map((reason) => ({ reason })),
  currency_unsupported: [{}],
  amount_too_small: [{ min: 50, currency: "eur" }],
  no_tier_for_sale: [{}],
  sale_over: [{}],
  capacity_exceeded: [{}, { reason: "venue" }],
  quantity_inconsistent: [{}, { value: "quantity" }],
  access_incomplete: [
    "online_missing",
    "in_person_missing",
    "venue_is_physical",
    "venue_is_virtual",
  ].map((reason) => ({ reason })),
  slug_taken: [{}],
  terms_not_accepted: [{}, { reason: "outdated" }],
  not_allowed: [{}],
  cover_missing: [{}],
  alt_text_missing: [{}],
  event_has_begun: [{}, { reason: "publish_at" }],
  sale_opens_late: [{}],
  translation_unused: [{}],
  payouts_disabled: [{}],
  currency_differs: [{ currency: "CHF" }],
};

const API = "The API’s own sentence.";

function checks(): CheckText[] {
  return Object.entries(FOUND).flatMap(([code, all]) =>
    all.map((params) => ({
      code: code as CheckCode,
      stage: "ticketSetup" as const,
      pointer: "/tiers/0/unit_amount",
      params: params as Record<string, unknown>,
      message: API,
    })),
  );
}

describe.each(LANGUAGES)("in %s", (_language, { check }) => {
  test.each(checks())("$code $params has a sentence", (found) => {
    const sentence = check(found);
    expect(sentence).not.toBe(API);
    expect(sentence).toMatch(/^[A-ZÄÖÜ].*[.)]$/s);
    expect(sentence).not.toMatch(/undefined|NaN|null/);
  });
});

test("reasons have sentences of their own, and no sentence is the same in both languages", () => {
  const [first, second] = LANGUAGES.map(([, { check }]) => checks().map(check));
  for (const sentences of [first, second]) expect(new Set(sentences).size).toBe(checks().length);
  expect(first?.filter((sentence) => second?.includes(sentence))).toEqual([]);
});

test("a stage with errors says the first one", () => {
  const [one, three] = checks().filter(({ code }) => code === "stage_invalid");
  expect(one && english.check(one)).toBe("Tickets: Give the event a title.");
  expect(three && german.check(three)).toBe(
    "Tickets: 3 Sachen zu berichtigen. Gib der Veranstaltung einen Titel.",
  );
});

test("an error among the findings has its own sentence", () => {
  const error = {
    code: "not_in_future",
    pointer: "/publish_at",
    params: { value: "moment" },
  } as const;
  expect(german.check({ ...error, message: API })).toBe(
    "Diese Zeit ist vorbei. Wähle eine spätere.",
  );
});

test("a code that is newer than the texts has the API's sentence", () => {
  const newer = { code: "newer", pointer: "", message: API } as unknown as CheckText;
  expect(english.check(newer)).toBe(API);
});
