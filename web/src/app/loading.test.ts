import { afterEach, expect, test, vi } from "vitest";

import { LoadFailure, loaded } from "./loading";

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
