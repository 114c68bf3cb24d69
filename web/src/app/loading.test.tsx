import { render, screen } from "@testing-library/react";
import { act, Suspense } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { LoadFailure, lazyPart, loaded, once } from "./loading";

const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

afterEach(() => {
  vi.unstubAllGlobals();
  reload.mockClear();
  sessionStorage.clear();
});

test("a file that is there is loaded", async () => {
  expect(await loaded(async () => "file")).toBe("file");
  expect(reload).not.toHaveBeenCalled();
});

test("a page whose file is missing is loaded anew, and only once", async () => {
  vi.stubGlobal("fetch", async () => new Response());
  void loaded(missing);
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  await expect(loaded(missing)).rejects.toThrow(LoadFailure);
  expect(reload).toHaveBeenCalledOnce();
});

test("a page whose file is missing stays while the server is away", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(loaded(missing)).rejects.toThrow(LoadFailure);
  expect(reload).not.toHaveBeenCalled();
});

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
