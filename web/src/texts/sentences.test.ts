import { expect, test } from "vitest";

import { firstSentence } from "./sentences";

test.each([
  ["Stripe takes no less than €0.50.", "Give a higher price."],
  ["Stripe nimmt nicht weniger als 0,50 €.", "Setze einen höheren Preis. Oder keinen."],
  ["Sie endet am 29. November, z. B. um 20 Uhr.", ""],
  ["Give the event a title", ""],
])("the first sentence is %s", (first, rest) => {
  expect(firstSentence(`${first} ${rest}`.trim())).toEqual({ first, rest });
});
