import { expect, test } from "vitest";

import { isStoredHere, smallest } from "./pictureAddress";

test("the narrowest file of a picture is shown in lists, its only one if it is small", () => {
  expect(smallest("/media/ab-1920.webp")).toBe("/media/ab-480.webp");
  expect(smallest("/media/ab-300.webp")).toBe("/media/ab-300.webp");
});

test("a picture of another host is not loaded by the wizard", () => {
  expect(isStoredHere("/media/ab-480.webp")).toBe(true);
  expect(isStoredHere("https://halm.example/night.jpg")).toBe(false);
  expect(isStoredHere(null)).toBe(false);
});
