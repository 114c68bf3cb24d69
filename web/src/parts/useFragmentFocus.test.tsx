import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { navigate } from "../app/router";
import { useFragmentFocus } from "./useFragmentFocus";

function Page({ late = false }: { late?: boolean }) {
  useFragmentFocus();
  return (
    <main id="main">
      <details>
        <summary>More</summary>
        <input id="field-dressCode" />
      </details>
      <ul id="field-tiers" tabIndex={-1}>
        <li>{late && <input id="field-tiers-1-quantity" />}</li>
      </ul>
    </main>
  );
}

beforeEach(() => history.replaceState(null, "", "/s/x"));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const focused = () => document.activeElement?.id;

test("the control of the address is focused, and its details opened", () => {
  history.replaceState(null, "", "/s/x#field-dressCode");
  render(<Page />);

  expect(focused()).toBe("field-dressCode");
  expect(document.querySelector("details")?.open).toBe(true);
});

test("a link to another field of the same page focuses it", () => {
  render(<Page />);
  expect(focused()).not.toBe("field-tiers");

  act(() => navigate("/s/x#field-tiers"));

  expect(focused()).toBe("field-tiers");
});

test("a control that appears later is focused then", async () => {
  history.replaceState(null, "", "/s/x#field-tiers-1-quantity");
  const { rerender } = render(<Page />);
  expect(focused()).not.toBe("field-tiers-1-quantity");

  rerender(<Page late />);

  await vi.waitFor(() => expect(focused()).toBe("field-tiers-1-quantity"));
});

test("a control that does not appear gives its place to what would contain it", () => {
  vi.useFakeTimers();
  history.replaceState(null, "", "/s/x#field-tiers-1-quantity");
  render(<Page />);

  vi.runAllTimers();

  expect(focused()).toBe("field-tiers");
});

test("other fragments are the browser's", () => {
  history.replaceState(null, "", "/s/x#main");
  render(<Page />);

  expect(focused()).not.toBe("main");
});
