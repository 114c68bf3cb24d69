import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../api/client";
import type { Check } from "../api/generated";
import type { WizardState } from "../session/types";
import { sessionWith, viewWith } from "../test/sessions";
import { useStageReviewPublish } from "./useStageReviewPublish";

let session: WizardState;
vi.mock("../session/SessionContext", () => ({ useSession: () => session }));

const blocked = { code: "slug_taken", severity: "block", stage: "eventSetup" } as Check;
const warned = { code: "cover_missing", severity: "warn", stage: "sponsorsMedia" } as Check;

const checks = vi.fn<WizardState["checks"]>();
const publish = vi.fn<WizardState["publish"]>();

beforeEach(() => {
  checks.mockReset().mockResolvedValue([blocked, warned]);
  publish.mockReset().mockResolvedValue(null);
  session = sessionWith({}, { checks, publish });
});

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

async function opened() {
  const hook = renderHook(() => useStageReviewPublish());
  await waitFor(() => expect(hook.result.current.checks).not.toBeNull());
  return hook;
}

test("checks are split by their severity", async () => {
  const { result } = await opened();

  expect(result.current.blocking).toEqual([blocked]);
  expect(result.current.warnings).toEqual([warned]);
  expect(result.current.lookedAt).toBeInstanceOf(Date);
});

test("each revision is looked at again", async () => {
  const { result, rerender } = await opened();
  checks.mockResolvedValue([warned]);

  session = sessionWith({}, { checks, publish }, viewWith({ revision: 8 }));
  rerender();

  await waitFor(() => expect(result.current.blocking).toEqual([]));
});

test("an answer that another one has overtaken is dropped", async () => {
  const late = deferred<readonly Check[]>();
  checks.mockReturnValueOnce(late.promise);
  const { result } = renderHook(() => useStageReviewPublish());
  await act(() => result.current.look());

  await act(async () => late.resolve([]));

  expect(result.current.checks).toEqual([blocked, warned]);
});

test("the only error of a stage is listed once, by its own check", async () => {
  const field = { ...blocked, pointer: "/slug" };
  const whole = (errors: number): Check => ({
    ...field,
    code: "stage_invalid",
    pointer: "",
    params: { errors, first: { pointer: "/slug", code: "slug_taken" } },
  });
  checks.mockResolvedValue([whole(1), field]);
  const { result } = renderHook(() => useStageReviewPublish());
  await act(() => result.current.look());
  expect(result.current.blocking).toEqual([field]);

  checks.mockResolvedValue([whole(2), field]);
  await act(() => result.current.look());
  expect(result.current.blocking).toEqual([whole(2), field]);
});

test("a failed look keeps the last checks and says why", async () => {
  const { result } = await opened();
  checks.mockRejectedValue(new ApiProblem(503, "unavailable", {}));

  await act(() => result.current.look());

  expect(result.current.problem?.code).toBe("unavailable");
  expect(result.current.checks).toEqual([blocked, warned]);
});

test("a second click while the first is under way requests nothing", async () => {
  const { result } = await opened();
  const answer = deferred<null>();
  publish.mockReturnValue(answer.promise);

  act(() => {
    void result.current.publish();
    void result.current.publish();
  });

  expect(publish).toHaveBeenCalledTimes(1);
  expect(result.current.isPublishing).toBe(true);
  await act(async () => answer.resolve(null));
  expect(result.current.isPublishing).toBe(false);
});

test("a refusal is kept, looks again, and can be tried again", async () => {
  const { result } = await opened();
  publish.mockRejectedValueOnce(new ApiProblem(422, "publish_blocked", {}));
  const looks = checks.mock.calls.length;

  await act(() => result.current.publish());
  expect(result.current.refusal?.code).toBe("publish_blocked");
  expect(checks.mock.calls.length).toBe(looks + 1);

  await act(() => result.current.publish(new Date(0)));
  expect(publish).toHaveBeenLastCalledWith(new Date(0));
  expect(result.current.refusal).toBeNull();
});
