import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { randomOf } from "./model/random";
import { steps } from "./model/steps";
import { World } from "./model/World";

/** `make limits` plays all of them. `SEED=7` plays others, and `SHRINK=1` finds a shorter failure. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["LIMITS"] ? 1_000 : 100));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

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
