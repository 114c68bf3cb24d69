import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { nextFall } from "./falls";

const MINUTE = 60_000;

function view(progress: number, eventSetup: number, ticketSetup: number): SessionView {
  const completion_details = {
    organizerSetup: 100,
    eventSetup,
    venueSetup: 0,
    ticketSetup,
    sponsorsMedia: 0,
    reviewPublish: 0,
  };
  return { completion_percentage: progress, completion_details } as SessionView;
}

test("a fall names the stage that lost most, and the figure before it", () => {
  const fall = nextFall(view(76, 100, 83), view(60, 90, 20), null, 0);
  expect(fall).toEqual({ from: 76, at: 0, stage: "ticketSetup" });
});

test("a fall that is made up for is no news", () => {
  const fall = { from: 76, at: 0, stage: "ticketSetup" } as const;
  expect(nextFall(view(60, 90, 20), view(70, 90, 60), fall, MINUTE)).toEqual(fall);
  expect(nextFall(view(60, 90, 20), view(76, 100, 83), fall, MINUTE)).toBeNull();
});

test("several falls in a row count from the first figure", () => {
  const fall = { from: 76, at: 0, stage: "ticketSetup" } as const;
  expect(nextFall(view(60, 90, 20), view(40, 10, 20), fall, MINUTE)).toEqual({
    from: 76,
    at: MINUTE,
    stage: "eventSetup",
  });
});

test("after ten minutes a fall is forgotten", () => {
  const fall = { from: 76, at: 0, stage: "ticketSetup" } as const;
  expect(nextFall(view(60, 90, 20), view(61, 95, 20), fall, 11 * MINUTE)).toBeNull();
});
