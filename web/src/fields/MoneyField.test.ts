import { expect, test } from "vitest";

import { learnCurrencies, money } from "../texts/format";
import { readAmount, symbolOf } from "./MoneyField";

learnCurrencies([
  { code: "idr", decimals: 2 },
  { code: "jpy", decimals: 0 },
  { code: "kwd", decimals: 3 },
]);

test("an amount is written with the decimals of Stripe's table", () => {
  expect(money(999999999999900, "idr", "en")).toMatch(/9,999,999,999,999\.00$/);
  expect(money(2500, "jpy", "en")).toBe("¥2,500");
});

test("a draft may have text that is no currency", () => {
  expect(money(2500, "euro", "en")).toBe("25.00 euro");
  expect(symbolOf("euro", "en")).toBe("euro");
  expect(readAmount("25", "")).toBe(2500);
});

test.each([
  ["", "eur", null],
  ["25", "eur", 2500],
  ["25,00", "eur", 2500],
  ["25.5", "eur", 2550],
  ["€25", "eur", 2500],
  ["1.250,50", "eur", 125050],
  ["1,250.50", "usd", 125050],
  ["1,250", "usd", 125000],
  ["1 250", "eur", 125000],
  ["2500", "jpy", 2500],
  ["¥2,500", "jpy", 2500],
  ["1.250", "kwd", 1250000],
  ["1.25", "kwd", 1250],
  ["9.999.999.999.999,00", "idr", 999999999999900],
  ["much", "eur", "much"],
])("%s in %s", (text, currency, amount) => {
  expect(readAmount(text, currency)).toBe(amount);
});
