import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { beginCopy } from "../screens/start/beginnings";
import { sessionWith } from "../test/sessions";
import { CopyButton } from "./CopyButton";

vi.mock("../screens/start/beginnings", () => ({ beginCopy: vi.fn() }));

const copies = vi.mocked(beginCopy);
const { data } = sessionWith({});
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });

beforeEach(() => {
  copies.mockReset();
  render(
    <CopyButton sessionId="s" data={data} className="button">
      Make another
    </CopyButton>,
  );
});

test("a second click while it copies begins no second copy", () => {
  copies.mockReturnValue(new Promise(() => undefined));
  fireEvent.click(button("Make another"));

  expect(button("Copying…").disabled).toBe(true);
  fireEvent.click(button("Copying…"));
  expect(copies).toHaveBeenCalledExactlyOnceWith("s", data);
});

test("a copy that failed is said, and can be tried again", async () => {
  copies.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  fireEvent.click(button("Make another"));

  expect((await screen.findByRole("alert")).textContent).toContain("could not be copied");
  copies.mockReturnValue(new Promise(() => undefined));
  fireEvent.click(button("Make another"));
  expect(screen.queryByRole("alert")).toBeNull();
});
