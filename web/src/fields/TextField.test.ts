import { expect, test } from "vitest";

import { withScheme } from "./TextField";

test.each([
  ["halm.example", "https://halm.example"],
  [" halm.example/about ", "https://halm.example/about"],
  ["localhost:8080/a", "https://localhost:8080/a"],
  ["https://halm.example", "https://halm.example"],
  ["http://halm.example", "http://halm.example"],
  ["mailto:press@halm.example", "mailto:press@halm.example"],
  ["/media/a-480.webp", "/media/a-480.webp"],
  ["", ""],
])("%s is the address %s", (text, address) => {
  expect(withScheme(text)).toBe(address);
});
