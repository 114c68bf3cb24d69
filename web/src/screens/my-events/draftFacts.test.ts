import { expect, test } from "vitest";

import type { SessionView, StageErrorView } from "../../api/generated";
import { STAGES, type Stage } from "../../stages/stages";
import { en } from "../../texts/en";
import { dateOfDraft, kindDateAndPlace, nextThing } from "./draftFacts";

const NOW = Date.parse("2026-11-28T12:00:00Z");

interface Draft {
  event?: object;
  city?: string;
  errors?: Partial<Record<Stage, Partial<StageErrorView>[]>>;
  completion?: Partial<Record<Stage, number>>;
  publication?: Partial<SessionView["publication"]>;
  updated_at?: string;
}

function draft({ event = {}, city, errors = {}, completion = {}, ...rest }: Draft): SessionView {
  const data: Partial<Record<Stage, object>> = {
    eventSetup: event,
    venueSetup: city === undefined ? {} : { address: { city } },
  };
  const stages = STAGES.map((stage) => [
    stage,
    { data: data[stage] ?? {}, errors: errors[stage] ?? [] },
  ]);
  return {
    stages: Object.fromEntries(stages),
    completion_details: Object.fromEntries(STAGES.map((stage) => [stage, completion[stage] ?? 0])),
    updated_at: "2026-11-20T12:00:00Z",
    expires_at: "2026-12-04T12:00:00Z",
    ...rest,
    publication: { state: "none", ...rest.publication },
  } as SessionView;
}

function missing(pointer: string): Partial<StageErrorView> {
  return { pointer, code: "missing", message: "is required" };
}

test.each([
  [{}, undefined, "Kind and date open"],
  [{}, "Lisbon", "Kind and date open, Lisbon"],
  [{ type: "popup" }, undefined, "Pop-up · date open"],
  [{ type: "popup" }, "Lisbon", "Pop-up · date open, Lisbon"],
  [{ date: "2027-03-12" }, undefined, "Friday, March 12, 2027"],
  [{ type: "popup", date: "2027-03-12" }, "Lisbon", "Pop-up · Friday, March 12, 2027, Lisbon"],
  [{ date: "soon" }, undefined, "soon"],
  [{ type: "a fair" }, undefined, "a fair · date open"],
])("the event %o in %s is: %s", (event, city, expected) => {
  expect(kindDateAndPlace(draft({ event, ...(city && { city }) }), en)).toBe(expected);
});

test("a draft says when it was changed, and after an hour until when it is kept", () => {
  const changed = (updated_at: string) => dateOfDraft(draft({ updated_at }), en, NOW);
  expect(changed("2026-11-28T11:59:30Z")).toBe("Changed just now");
  expect(changed("2026-11-28T11:58:00Z")).toBe("Changed 2 minutes ago");
  expect(changed("2026-11-28T10:59:00Z")).toBe("Kept until December 4");
});

test("a scheduled draft says when it is published", () => {
  const publication = { state: "scheduled", publish_at: "2026-12-01T09:00:00Z" } as const;
  expect(dateOfDraft(draft({ publication }), en, NOW)).toMatch(/^Goes public on December 1, 2026/);
});

test("something wrong comes before something missing of an earlier stage", () => {
  const message = "Ticket price must be at least 0.50 EUR.";
  const wrong = { pointer: "/tiers/0/unit_amount", code: "amount_too_small", message } as const;
  const errors = { organizerSetup: [missing("/name")], ticketSetup: [wrong] };
  expect(nextThing(draft({ errors }), en)).toEqual({
    error: { ...wrong, stage: "ticketSetup" },
  });
});

test.each([
  ["eventSetup", "/title", "Next: a title"],
  ["venueSetup", "/address", "Next: the venue’s address"],
  ["venueSetup", "/unknown", "Next: Venue"],
] as const)("what %s lacks at %s is: %s", (stage, pointer, words) => {
  const errors = { [stage]: [missing(pointer)], reviewPublish: [missing("/acceptTerms")] };
  expect(nextThing(draft({ errors }), en)).toEqual({ words, isWrong: false });
});

test("a stage that may stay empty comes next, and then the review", () => {
  const completion = {
    organizerSetup: 100,
    eventSetup: 100,
    venueSetup: 100,
    ticketSetup: 100,
  };
  const errors = { reviewPublish: [missing("/acceptTerms")] };
  const words = (done: typeof completion) => nextThing(draft({ completion: done, errors }), en);
  expect(words(completion)).toMatchObject({ words: "Next: Sponsors and media" });
  const all = { ...completion, sponsorsMedia: 100 };
  expect(words(all)).toMatchObject({ words: "Next: review it" });
});

test.each([
  ["running", "Being published", false],
  ["failed", "It was not published", true],
  ["scheduled", "Scheduled", false],
] as const)("a publication that is %s is named", (state, words, isWrong) => {
  expect(nextThing(draft({ publication: { state } }), en)).toEqual({ words, isWrong });
});
