import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import type { PublicationStep, StepState } from "../../api/generated";
import { Seam } from "./Seam";

afterEach(cleanup);

const NAMES = ["revalidate", "reserve", "catalogue", "publish"] as const;

function steps(...states: StepState[]): PublicationStep[] {
  return states.map((state, index) => ({
    name: NAMES[index] ?? "publish",
    state,
    at: "2026-11-28T12:07:02Z",
  }));
}

function rows() {
  return screen.getAllByRole("listitem").map((row) => [row.className, row.lastChild?.textContent]);
}

test("steps are done, being sewn, and to come", () => {
  render(
    <Seam steps={steps("done", "done", "running")} names={NAMES} about={{ reserve: "e/x" }} />,
  );

  expect(rows().map(([look]) => look)).toEqual(["done", "done", "running", ""]);
  expect(rows().slice(1)).toEqual([
    ["done", "e/x"],
    ["running", "now"],
    ["", "to come"],
  ]);
  expect(screen.getAllByRole("listitem")[2]?.getAttribute("aria-current")).toBe("step");
});

test("between two steps, the next one is being sewn", () => {
  render(<Seam steps={steps("done")} names={NAMES} />);

  expect(rows().map(([look]) => look)).toEqual(["done", "running", "", ""]);
});

test("a failure names the step that did not work and those that were taken back", () => {
  render(<Seam steps={steps("done", "undone", "failed")} names={NAMES.slice(0, 3)} />);

  expect(rows().slice(1)).toEqual([
    ["undone", "taken back"],
    ["failed", "did not work"],
  ]);
});
