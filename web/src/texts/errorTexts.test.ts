import { describe, expect, test } from "vitest";

import { session as de } from "./de/session";
import { session as en } from "./en/session";
import type { ErrorText } from "./errorTexts";

function fault(code: ErrorText["code"], pointer: string, params = {}): ErrorText {
  return { code, pointer, params, message: "The API's own sentence." };
}

describe.each([
  [
    "en",
    en,
    [
      "Give the event a title.",
      "Stripe takes no less than €0.50. Give a higher price, or make the ticket free.",
      "Shorten it to at most 2,000 characters.",
      "Give the ticket a name.",
      "City: this is required.",
      "Stripe takes at most $999,999.99.",
      "Stripe takes only multiples of KWD 0.010.",
    ],
  ],
  [
    "de",
    de,
    [
      "Gib der Veranstaltung einen Titel.",
      "Stripe nimmt nicht weniger als 0,50 €. Setze einen höheren Preis, oder mach das Ticket kostenlos.",
      "Kürze es: 2.000 Zeichen sind das Äußerste.",
      "Gib dem Ticket einen Namen.",
      "Stadt: Das fehlt noch.",
      "Stripe nimmt höchstens 999.999,99 $.",
      "Stripe nimmt nur Vielfache von 0,010 KWD.",
    ],
  ],
] as const)("in %s", (_name, { error }, sentences) => {
  test.each([
    [fault("missing", "/title"), sentences[0]],
    [fault("amount_too_small", "/tiers/0/unit_amount", { min: 50, currency: "eur" }), sentences[1]],
    [fault("too_long", "/description", { max: 2000 }), sentences[2]],
    [fault("missing", "/tiers/11/name"), sentences[3]],
    [fault("missing", "/address/city"), sentences[4]],
    [
      fault("amount_not_chargeable", "/tiers/0/unit_amount", {
        value: "too_large",
        max: 99_999_999,
        currency: "usd",
      }),
      sentences[5],
    ],
    [
      fault("amount_not_chargeable", "/tiers/0/minAmount", {
        value: "multiple",
        multiple_of: 10,
        currency: "kwd",
      }),
      sentences[6],
    ],
  ])("%o", (given, sentence) => {
    expect(error(given).replaceAll("\u00a0", " ")).toBe(sentence);
  });
});

test("a code that is newer than the texts has the API's sentence", () => {
  const unknown = { ...fault("missing", "/x"), code: "newer" } as unknown as ErrorText;
  expect(en.error(unknown)).toBe("The API's own sentence.");
});
