import { expect, test } from "vitest";

import { elementName } from "./elementName";

const DATA = {
  title: "Nachtschicht",
  tiers: [{ name: "Early bird", unit_amount: 30 }, { name: "" }, {}],
};

test.each([
  ["/tiers/0/unit_amount", "Early bird"],
  ["/tiers/0", "Early bird"],
  ["/tiers/1/unit_amount", null],
  ["/tiers/2/name", null],
  ["/tiers/7/name", null],
  ["/tiers", null],
  ["/title", null],
  ["", null],
])("the element that %s leads into is called %s", (pointer, name) => {
  expect(elementName(DATA, pointer)).toBe(name);
});
