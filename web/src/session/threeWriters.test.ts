import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { PERSONS, type Step, World } from "./model/World";

/** `make limits` plays all of them. `SEED=7` plays others, and `SHRINK=1` finds a shorter failure. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["LIMITS"] ? 1_000 : 100));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const person = fc.nat({ max: PERSONS - 1 });
const tab = fc.nat({ max: 1 });
const tier = fc.nat({ max: 3 });
const where = { person, tab };
const of = <Kind extends Step["kind"]>(kind: Kind) => ({ kind: fc.constant(kind) });

const typing = fc.oneof(
  fc.record({ ...of("type"), ...where, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }) }),
  fc.record({
    ...of("typeInTier"),
    ...where,
    tier,
    field: fc.nat({ max: 2 }),
    form: fc.nat({ max: 2 }),
  }),
  fc.record({ ...of("addTier"), ...where, index: tier }),
  fc.record({ ...of("removeTier"), ...where, tier }),
  fc.record({ ...of("moveTier"), ...where, tier }),
  fc.record({ ...of("takeBack"), ...where, field: fc.nat({ max: 4 }) }),
);
const trouble = fc.oneof(
  fc.record({ kind: fc.constantFrom("crash", "flush", "leave"), ...where }),
  fc.record({ ...of("openTab"), person }),
  fc.record({ ...of("online"), person, isOnline: fc.boolean() }),
  fc.record({ ...of("lose"), person, loss: fc.constantFrom("request", "answer") }),
  fc.record({ ...of("stream"), person, age: fc.nat({ max: 2 }) }),
  fc.record({ ...of("publishing"), isPublishing: fc.boolean() }),
  fc.record({ ...of("choose"), ...where, choice: fc.constantFrom("mine", "theirs") }),
);
const wait = fc.record({
  ...of("wait"),
  milliseconds: fc.constantFrom(5, 50, 300, 1_100, 1_100, 5_000, 3_600_000),
});
const step = fc.oneof(
  { arbitrary: typing, weight: 4 },
  { arbitrary: trouble, weight: 2 },
  { arbitrary: wait, weight: 3 },
) as fc.Arbitrary<Step>;

/** A save whose answer is lost, and both people go on in its field before it is repeated. */
const crossing = fc
  .record({ ...where, other: person, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }) })
  .map(({ person, tab, other, field, form }): Step[] => [
    { kind: "lose", person, loss: "answer" },
    { kind: "type", person, tab, field, form },
    { kind: "flush", person, tab },
    { kind: "wait", milliseconds: 350 },
    { kind: "stream", person: other, age: 0 },
    { kind: "type", person: other, tab: 0, field, form },
    { kind: "flush", person: other, tab: 0 },
    { kind: "type", person, tab, field, form },
    { kind: "wait", milliseconds: 300 },
  ]);

/** A page that is left while its text is being sent, or before; the next one is left as soon. */
const leaving = fc
  .record({ ...where, field: fc.nat({ max: 4 }), form: fc.nat({ max: 2 }), after: fc.nat(900) })
  .map(({ person, tab, field, form, after }): Step[] => [
    { kind: "type", person, tab, field, form },
    { kind: "wait", milliseconds: after },
    { kind: "flush", person, tab },
    { kind: "type", person, tab, field, form },
    { kind: "leave", person, tab },
    { kind: "wait", milliseconds: after % 100 },
    { kind: "type", person, tab, field: field + 1, form },
    { kind: "leave", person, tab },
  ]);

const steps = fc
  .array(
    fc.oneof(
      { arbitrary: step.map((one) => [one]), weight: 30 },
      { arbitrary: crossing, weight: 1 },
      { arbitrary: leaving, weight: 2 },
    ),
    { minLength: 10, maxLength: 70 },
  )
  .map((parts) => parts.flat());

test(`three writers lose nothing in ${SEEDS} runs`, { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (taken, seed) => {
      const random = randomOf(seed);
      vi.spyOn(Math, "random").mockImplementation(() => random(1_000) / 1_000);
      vi.clearAllTimers();
      const world = new World(random);
      await world.run(taken);
      expect(world.model.revision).toBeGreaterThan(0);
    }),
    {
      numRuns: SEEDS,
      seed: Number(process.env["SEED"] ?? 1),
      endOnFailure: process.env["SHRINK"] === undefined,
    },
  );
});

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
