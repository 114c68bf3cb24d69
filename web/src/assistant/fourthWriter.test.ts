import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { randomOf } from "../session/model/random";
import { person, steps, tab } from "../session/model/steps";
import type { Step } from "../session/model/World";
import { AssistantWorld } from "./model/AssistantWorld";
import { byTheRules, type Write } from "./model/ModelAssistant";

/** `make limits` plays all of them. `SEED=7` plays others, and `SHRINK=1` finds a shorter failure. */
const SEEDS = Number(process.env["SEEDS"] ?? (process.env["LIMITS"] ? 500 : 60));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Asks for something, and goes on typing while the assistant thinks. */
const asking = fc
  .array(
    fc.record({
      ask: fc.record({ kind: fc.constant("ask" as const), person, tab, what: fc.nat({ max: 60 }) }),
      after: fc.nat({ max: 3_000 }),
      meanwhile: steps,
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((rounds): Step[] =>
    rounds.flatMap(({ ask, after, meanwhile }) => [
      ask,
      { kind: "wait", milliseconds: after },
      ...meanwhile.slice(0, 20),
    ]),
  );

const options = {
  seed: Number(process.env["SEED"] ?? 1),
  endOnFailure: process.env["SHRINK"] === undefined,
};

async function play(write: Write, taken: readonly Step[], seed: number): Promise<void> {
  const random = randomOf(seed);
  vi.spyOn(Math, "random").mockImplementation(() => random(1_000) / 1_000);
  vi.clearAllTimers();
  await new AssistantWorld(random, write).run(taken);
}

test(`the assistant overwrites nothing that it has not read, in ${SEEDS} runs`, {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(asking, fc.nat(), (taken, seed) => play(byTheRules, taken, seed)),
    { ...options, numRuns: SEEDS },
  );
});

test("an assistant that writes over the newest revision is found", {
  timeout: 60_000,
}, async () => {
  const carelessly: Write = async ({ api }, { id }, stage, patch) => {
    const { revision } = await api.read();
    await api.save({ key: id, stage, revision, data: {}, body: patch, entries: [] });
  };
  const found: string[] = [];
  await fc.assert(
    fc.asyncProperty(asking, fc.nat(), async (taken, seed) => {
      await play(carelessly, taken, seed).catch((error: Error) => found.push(error.message));
    }),
    { ...options, numRuns: 30 },
  );
  expect(found.filter((message) => /overwrote T\d+ unseen/.test(message)).length).toBeGreaterThan(
    0,
  );
});
