import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { whenIdle } from "./idle";

let state: DocumentReadyState;
const waiting: (() => void)[] = [];
const work = vi.fn();

beforeEach(() => {
  vi.spyOn(document, "readyState", "get").mockImplementation(() => state);
  vi.stubGlobal("requestIdleCallback", (begin: () => void) => waiting.push(begin));
  work.mockReset();
  waiting.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const beIdle = () => {
  for (const begin of waiting.splice(0)) begin();
};

test("the work waits for the page, and then for idle time", () => {
  state = "interactive";
  whenIdle(work);
  beIdle();
  expect(work).not.toHaveBeenCalled();

  dispatchEvent(new Event("load"));
  expect(work).not.toHaveBeenCalled();

  beIdle();
  expect(work).toHaveBeenCalledOnce();
});

test("on a loaded page the work only waits for idle time", () => {
  state = "complete";
  whenIdle(work);
  expect(work).not.toHaveBeenCalled();

  beIdle();
  expect(work).toHaveBeenCalledOnce();
});

test.each(["interactive", "complete"] as const)(
  "work that is called off is not done, %s",
  (now) => {
    state = now;
    whenIdle(work)();
    dispatchEvent(new Event("load"));
    beIdle();

    expect(work).not.toHaveBeenCalled();
  },
);

test("a browser without idle time does the work later", async () => {
  vi.stubGlobal("requestIdleCallback", undefined);
  state = "complete";
  whenIdle(work);
  expect(work).not.toHaveBeenCalled();

  await vi.waitFor(() => expect(work).toHaveBeenCalledOnce());
});
