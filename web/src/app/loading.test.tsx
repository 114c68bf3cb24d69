import { render, screen } from "@testing-library/react";
import { act, Suspense } from "react";
import { expect, test, vi } from "vitest";

import { lazyPart, once } from "./loading";

const waited = vi.fn();

function Waiting() {
  waited();
  return <p>Waiting</p>;
}

test("a part whose file is there is shown without what is in its place", async () => {
  const load = vi.fn(async () => ({ default: () => <p>The part</p> }));
  const loadPart = once(load);
  const Part = lazyPart(loadPart);
  await loadPart();

  render(<Suspense fallback={<Waiting />}>{<Part />}</Suspense>);

  expect(screen.getByText("The part")).toBeTruthy();
  expect(waited).not.toHaveBeenCalled();
  expect(load).toHaveBeenCalledTimes(1);
});

test("a part whose file is not there yet is shown when it is", async () => {
  const Part = lazyPart(once(async () => ({ default: () => <p>The part</p> })));

  await act(async () => {
    render(<Suspense fallback={<Waiting />}>{<Part />}</Suspense>);
  });

  expect(waited).toHaveBeenCalled();
  expect(screen.getByText("The part")).toBeTruthy();
});
