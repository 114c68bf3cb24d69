import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/client";
import type { SessionView, StageErrorView } from "../api/generated";
import { useSession } from "../session/SessionContext";
import type { WizardState } from "../session/types";
import { fieldError } from "../test/fields";
import { useStageForm } from "./useStageForm";

vi.mock("../session/SessionContext", () => ({ useSession: vi.fn() }));

const TOO_SMALL = fieldError("/tiers/0/unit_amount", "amount_too_small");
const MISSING = fieldError("/tiers/0/name", "missing");

function viewOf(valid: boolean): SessionView {
  return { stages: { ticketSetup: { valid } } } as unknown as SessionView;
}

function problem(code: string, status = 409): ApiProblem {
  return new ApiProblem(status, code, {});
}

const state = {
  session: viewOf(true),
  saveState: { kind: "saved", at: null },
  data: () => ({}),
  change: vi.fn(),
  errors: (): readonly StageErrorView[] => [TOO_SMALL, MISSING],
  wasSaved: () => false,
  isFresh: () => false,
  completeStage: vi.fn<WizardState["completeStage"]>(),
  moveToStage: vi.fn<WizardState["moveToStage"]>(),
  refresh: vi.fn<WizardState["refresh"]>(),
};

function form() {
  return renderHook(() => useStageForm("ticketSetup")).result;
}

async function submit(result: ReturnType<typeof form>): Promise<SessionView | null> {
  let view: SessionView | null = null;
  await act(async () => {
    view = await result.current.submit();
  });
  return view;
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(useSession).mockReturnValue(state as unknown as WizardState);
});

test("an error is shown once the person has left its field", () => {
  const result = form();
  expect(result.current.field(TOO_SMALL.pointer).error).toBeNull();
  act(() => result.current.field(TOO_SMALL.pointer).onBlur());
  expect(result.current.field(TOO_SMALL.pointer).error).toBe(TOO_SMALL);
});

test("a value that is missing is no error before Continue", async () => {
  state.completeStage.mockRejectedValue(problem("stage_incomplete", 422));
  const result = form();
  act(() => result.current.field(MISSING.pointer).onBlur());
  expect(result.current.shownErrors).toEqual([]);
  expect(await submit(result)).toBeNull();
  expect(result.current.shownErrors).toEqual([TOO_SMALL, MISSING]);
});

test("Continue in a later stage completes the stages before it", async () => {
  const done = viewOf(true);
  state.completeStage.mockRejectedValueOnce(problem("stage_mismatch")).mockResolvedValueOnce(done);
  state.refresh.mockResolvedValue(viewOf(true));
  expect(await submit(form())).toBe(done);
  expect(state.moveToStage).toHaveBeenCalledWith("ticketSetup");
});

test("Continue in a valid stage goes on although an earlier one is not complete", async () => {
  state.completeStage.mockRejectedValue(problem("stage_mismatch"));
  state.moveToStage.mockRejectedValue(problem("stage_incomplete", 422));
  state.refresh.mockResolvedValue(viewOf(true));
  expect(await submit(form())).toBe(state.session);
});

test("Continue in a later stage with errors stays there", async () => {
  state.completeStage.mockRejectedValue(problem("stage_mismatch"));
  state.refresh.mockResolvedValue(viewOf(false));
  expect(await submit(form())).toBeNull();
  expect(state.moveToStage).not.toHaveBeenCalled();
});

test.each([
  ["unreachable", 0],
  ["rate_limited", 429],
  ["internal_error", 500],
])("Continue goes on after %s: the text is kept", async (code, status) => {
  state.completeStage.mockRejectedValue(problem(code, status));
  expect(await submit(form())).toBe(state.session);
});

test("Continue in a later stage goes on if the API goes away meanwhile", async () => {
  state.completeStage.mockRejectedValue(problem("stage_mismatch"));
  state.refresh.mockRejectedValue(problem("unreachable", 0));
  expect(await submit(form())).toBe(state.session);
});
