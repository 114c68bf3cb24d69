import { expect, test } from "vitest";

import { en } from "./en";
import { valueWords } from "./places";

const words = (path: `/${string}`, value: string, language: string) =>
  valueWords({ ...en, language }, "eventSetup", path, value, "eur")?.replaceAll("\u202f", " ");

test.each([
  ["/startTime", "20:00"],
  ["/endTime", "20:00"],
  ["/doorsTime", "20:00"],
  ["/openingHours/a/opens", "20:00"],
  ["/openingHours/a/closes", "20:00"],
] as const)("the time of day of %s is written as the person's language does", (path, time) => {
  expect(words(path, time, "en-US")).toBe("8:00 PM");
  expect(words(path, time, "en-GB")).toBe("20:00");
});

test("text that is no time of day stays as it is", () => {
  expect(words("/startTime", "soon", "en-US")).toBe("soon");
});

test("a time zone is named for its city", () => {
  expect(words("/timezone", "America/New_York", "en-GB")).toBe("New York time");
});
