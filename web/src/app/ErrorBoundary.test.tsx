import { act, fireEvent, render, screen } from "@testing-library/react";
import { type ReactNode, Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { PageFailed, PartFailed } from "../parts/Failed";
import { ErrorBoundary } from "./ErrorBoundary";
import { lazyPart } from "./loading";
import { navigate, usePathname } from "./router";

const reload = vi.fn();
const written = vi.fn();

beforeEach(() => {
  history.replaceState(null, "", "/start");
  reload.mockReset();
  written.mockReset();
  vi.spyOn(location, "reload").mockImplementation(reload);
  vi.spyOn(console, "error").mockImplementation(written);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The page of `/start` is broken, the others are not. */
function Pages() {
  if (usePathname() === "/start") throw new Error("tiers is undefined");
  return <h1>Another page</h1>;
}

function show(children: ReactNode) {
  render(
    <>
      <p>The bar</p>
      <ErrorBoundary fallback={(failure) => <PageFailed failure={failure} />}>
        <Suspense>{children}</Suspense>
      </ErrorBoundary>
    </>,
  );
}

function network(fetch: typeof globalThis.fetch) {
  vi.stubGlobal("fetch", vi.fn(fetch));
}

const tryAgain = () => fireEvent.click(screen.getByRole("button", { name: "Try again" }));

test("a page that throws is replaced by words, and what is around it stays", () => {
  show(<Pages />);

  expect(screen.getByRole("alert").textContent).toContain("This page does not work.");
  expect(screen.getByText("The bar")).toBeTruthy();
  expect(written.mock.calls.flat().map(String).join()).toContain("tiers is undefined");
});

test("the way to another page leads out of a broken one, and back into it", () => {
  show(<Pages />);
  fireEvent.click(screen.getByRole("link", { name: "To my events" }));

  expect(screen.getByText("Another page")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();

  act(() => navigate("/start"));
  expect(screen.getByRole("alert")).toBeTruthy();
});

function ThrowsNull(): never {
  throw null;
}

test("anything can be thrown", () => {
  show(<ThrowsNull />);

  expect(screen.getByRole("alert")).toBeTruthy();
});

test("a page whose file does not load says so, and that text is kept", async () => {
  const Page = lazyPart<object>(() => Promise.reject(new TypeError("Failed to fetch")));
  show(<Page />);

  const said = (await screen.findByRole("alert")).textContent;
  expect(said).toContain("This page did not load.");
  expect(said).toContain("kept on this device");
});

test("trying again without a connection stays, and loads the page with one", async () => {
  show(<Pages />);
  network(() => Promise.reject(new TypeError("Failed to fetch")));
  tryAgain();
  await screen.findByText("There is no connection yet.");

  network(async () => new Response(null, { status: 502 }));
  tryAgain();
  await screen.findByText("There is no connection yet.");
  expect(reload).not.toHaveBeenCalled();

  network(async () => new Response("<!doctype html>"));
  tryAgain();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1));
});

test("a part that throws leaves the rest of the page", () => {
  render(
    <>
      <input aria-label="Title" />
      <ErrorBoundary fallback={() => <PartFailed />}>
        <Pages />
      </ErrorBoundary>
    </>,
  );

  expect(screen.getByLabelText("Title")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("This part of the page cannot be shown.");
});
