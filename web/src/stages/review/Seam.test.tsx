import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { PublicationStep, StepState } from "../../api/generated";
import type { WizardState } from "../../session/types";
import { sessionWith } from "../../test/sessions";
import { Seam } from "./Seam";

let session: WizardState;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));

const tiers = [{ unit_amount: 2_500 }, { kind: "donation" as const }, { kind: "free" as const }];

beforeEach(() => {
  session = sessionWith({ eventSetup: { slug: "x" }, ticketSetup: { tiers } });
});
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
  render(<Seam steps={steps("done", "done", "running")} names={NAMES} />);

  expect(rows().map(([look]) => look)).toEqual(["done", "done", "running", ""]);
  expect(rows().slice(1)).toEqual([
    ["done", `${location.host}/e/x`],
    ["running", "2 kinds of tickets"],
    ["", "to come"],
  ]);
  expect(screen.getAllByRole("listitem")[2]?.getAttribute("aria-current")).toBe("step");
});

test("what is not known before the event is published has its time", () => {
  session = sessionWith({});
  render(<Seam steps={steps("done", "done", "done", "running")} names={NAMES} />);

  const said = rows().map(([, words]) => words);
  expect(said.slice(0, 3).every((words) => words?.match(/^\d+:\d\d:02/))).toBe(true);
  expect(said[3]).toBe("now");
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
