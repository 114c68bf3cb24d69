import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import type { WizardState } from "../session/types";
import type { StageForm } from "../stages/useStageForm";
import { sessionWith, viewWith } from "../test/sessions";
import { StageFrame } from "./StageFrame";

let session: WizardState;
vi.mock("../session/SessionContext", () => ({ useSession: () => session }));

const form = { isSubmitted: false, disabled: false } as StageForm<"eventSetup">;

function Page() {
  return (
    <StageFrame stage="eventSetup" form={form} question="What is it?" lead="In a few words.">
      <input aria-label="Title" />
    </StageFrame>
  );
}

const state: Partial<WizardState> = { conflicts: [], people: [], unreachableSince: null };
const view = viewWith({ completion_percentage: 40, completion_details: { eventSetup: 100 } });

test("the frame of a stage is shown before its session, without fields and without claims", () => {
  session = { ...sessionWith({}, state), session: null };
  render(<Page />);

  expect(screen.getByRole("heading", { name: "What is it?" })).toBeTruthy();
  expect(screen.getByText("In a few words.")).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.queryByRole("button", { name: /^Continue/ })).toBeNull();
  expect(document.body.textContent).not.toMatch(/Untitled|Saved|%/);
});

test("the heading stays in place when the session has come", () => {
  session = { ...sessionWith({}, state), session: null };
  const { rerender } = render(<Page />);
  const heading = screen.getByRole("heading", { name: "What is it?" });

  session = sessionWith({ eventSetup: { title: "Nacht" } }, state, view);
  rerender(<Page />);
  expect(screen.getByRole("textbox", { name: "Title" })).toBeTruthy();
  expect(screen.getAllByText("Nacht").length).toBeGreaterThan(0);
  expect(screen.getByRole("heading", { name: "What is it?" })).toBe(heading);
});
