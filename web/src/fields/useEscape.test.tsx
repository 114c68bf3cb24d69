import { fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, test, vi } from "vitest";

import { useEscape } from "./useEscape";

function Row({ onClose }: { onClose: () => void }) {
  const area = useRef<HTMLDivElement>(null);
  useEscape(area, onClose);
  return (
    <div ref={area}>
      <input />
    </div>
  );
}

test("Escape in a field closes the row, and leaves the field first", () => {
  const close = vi.fn(() => expect(document.activeElement).toBe(document.body));
  render(<Row onClose={close} />);
  screen.getByRole("textbox").focus();
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape" });
  expect(close).toHaveBeenCalledOnce();
});

test("Escape of an input method is not the row's", () => {
  const close = vi.fn();
  render(<Row onClose={close} />);
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape", isComposing: true });
  expect(close).not.toHaveBeenCalled();
});

test("no other key closes the row", () => {
  const close = vi.fn();
  render(<Row onClose={close} />);
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "Enter" });
  expect(close).not.toHaveBeenCalled();
});
