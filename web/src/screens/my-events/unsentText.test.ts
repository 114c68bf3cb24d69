import { expect, test } from "vitest";

import type { SessionView } from "../../api/generated";
import type { Entry } from "../../session/outbox";
import { en } from "../../texts/en";
import { titleOf, unsentText } from "./unsentText";

const AT = Date.parse("2026-11-28T12:00:00Z");

function entry(stage: Entry["stage"], path: string, value: Entry["value"]): Entry {
  return { stage, path, value, base: undefined, baseRevision: 1, at: AT };
}

const view = {
  stages: {
    eventSetup: { data: { title: "Nachtschicht" } },
    ticketSetup: { data: { tiers: [{ id: "t1", name: "Standing" }] } },
  },
} as unknown as SessionView;

test("each field has its stage, its place in words, and what was typed", () => {
  const entries = [
    entry("ticketSetup", "/tiers/t1/maxPerOrder", 4),
    entry("eventSetup", "/startTime", "20:00"),
    entry("eventSetup", "/summary", ""),
    entry("eventSetup", "/description", "Forty looks.\nOne furnace."),
  ];
  const text = unsentText([{ sessionId: "1", view, entries }], en, "https://wizard.example");
  expect(text.replaceAll(/ \(November .*\)$/gm, "")).toBe(
    [
      "Nachtschicht\nhttps://wizard.example/s/1",
      "Event",
      "start time\n  20:00",
      "summary\n  (emptied)",
      "description\n  Forty looks.\n  One furnace.",
      "Tickets",
      "tiers, standing, max per order\n  4",
    ].join("\n\n"),
  );
});

test("the title is the one that was typed last", () => {
  const typed = [entry("eventSetup", "/title", "Frühschicht")];
  expect(titleOf({ sessionId: "1", view, entries: typed }, en)).toBe("Frühschicht");
  expect(titleOf({ sessionId: "1", view, entries: [] }, en)).toBe("Nachtschicht");
  expect(titleOf({ sessionId: "1", view: null, entries: [] }, en)).toBe("No title yet");
});
