import { expect, test } from "vitest";

import { readNumber } from "./NumberField";

test.each([
  ["", "en", null],
  ["300", "en", 300],
  ["1,200", "en", 1200],
  ["1 200", "de", 1200],
  ["1.200", "de", 1200],
  ["52.5", "de", 52.5],
  ["52,5", "de", 52.5],
  ["52.520008", "en", 52.520008],
  ["-13,4", "de", -13.4],
  ["many", "en", "many"],
])("%s in %s", (text, language, number) => {
  expect(readNumber(text, language)).toBe(number);
});
