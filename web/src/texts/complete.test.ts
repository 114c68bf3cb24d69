import { expect, test } from "vitest";

import { assistant } from "./de/assistant";
import { first } from "./de/first";
import { session } from "./de/session";
import { en } from "./en";

/** The keys of texts that are the same object in both, so not translated; names may be the same. */
function untranslated(english: object, german: object, path: string): string[] {
  return Object.entries(english).flatMap(([key, value]) => {
    const other = (german as Record<string, unknown>)[key];
    const here = `${path}/${key}`;
    if (typeof value === "object" && typeof other === "object" && other !== null)
      return value === other ? [here] : untranslated(value, other, here);
    return typeof value === "function" && value === other ? [here] : [];
  });
}

test("every sentence with values in it is in German, too", () => {
  expect(untranslated(en, { ...first, ...session, assistant }, "")).toEqual([]);
});
