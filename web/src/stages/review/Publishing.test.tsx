import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { WizardState } from "../../session/types";
import { sessionWith, viewWith } from "../../test/sessions";
import { Publishing } from "./Publishing";

let session: WizardState;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));
vi.mock("./Moment", () => ({ Moment: ({ children }: { children: unknown }) => children }));

const refresh = vi.fn<WizardState["refresh"]>();

beforeEach(() => {
  vi.useFakeTimers();
  refresh.mockReset().mockResolvedValue(viewWith());
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function during(step: string, isLive: boolean) {
  const steps = [{ name: step, state: "running", at: "2027-01-10T10:00:00Z" }];
  const view = viewWith({ publication: { state: "running", steps } });
  session = sessionWith({ eventSetup: { title: "Nachtschicht" } }, { refresh, isLive }, view);
  return <Publishing />;
}

test("a live stream is not asked for what it brings by itself", async () => {
  const { rerender } = render(during("reserve", true));
  rerender(during("publish", true));
  await act(() => vi.advanceTimersByTimeAsync(5_000));

  expect(refresh).not.toHaveBeenCalled();
  expect(screen.getByRole("status").textContent).toMatch(/3/);
});

test("the workflow is asked each second while the stream is away", async () => {
  const { rerender } = render(during("reserve", false));
  await act(() => vi.advanceTimersByTimeAsync(2_500));
  expect(refresh).toHaveBeenCalledTimes(2);

  rerender(during("reserve", true));
  await act(() => vi.advanceTimersByTimeAsync(2_500));
  expect(refresh).toHaveBeenCalledTimes(2);
});
