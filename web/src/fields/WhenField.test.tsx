import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { fieldError, fieldState } from "../test/fields";
import { type When, WhenField } from "./WhenField";

interface EventTimeProps {
  value: When;
  wrong?: keyof When;
  onChange?: (patch: When) => void;
}

function EventTime({ value, wrong, onChange }: EventTimeProps) {
  const [shown, setShown] = useState(value);
  return (
    <WhenField
      label="When is it?"
      field={(name) =>
        fieldState(`/${name}`, {
          error:
            name === wrong
              ? fieldError(`/${name}`, "end_before_start", "It must end after it starts.")
              : null,
        })
      }
      value={shown}
      defaultZone="Europe/Berlin"
      onChange={(patch) => {
        setShown({ ...shown, ...patch });
        onChange?.(patch);
      }}
    />
  );
}

const words = () => screen.getByRole("group").textContent ?? "";

test("a date is said with its weekday", () => {
  render(<EventTime value={{ date: "2027-02-04", startTime: "20:00" }} />);
  expect(words()).toContain("Thursday, February 4, 2027");
});

test("an hour that the clocks skip is said, and one that comes twice", () => {
  const { unmount } = render(<EventTime value={{ date: "2027-03-28", startTime: "02:30" }} />);
  expect(words()).toMatch(/The clocks skip 2:30\sAM/);
  unmount();
  render(<EventTime value={{ date: "2027-10-31", startTime: "02:30" }} />);
  expect(words()).toMatch(/2:30\sAM occurs twice/);
});

test("another last day is asked for, and taken back", () => {
  const onChange = vi.fn();
  render(<EventTime value={{ date: "2027-02-04" }} onChange={onChange} />);
  expect(screen.queryByLabelText("Last day")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "It ends on another day" }));
  fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2027-02-06" } });
  expect(words()).toContain("Thursday, February 4, 2027 to Saturday, February 6, 2027");
  fireEvent.click(screen.getByRole("button", { name: "It ends on the same day" }));
  expect(onChange).toHaveBeenLastCalledWith({ endDate: null });
});

test("an error of one of its fields is said below the question, at that field", () => {
  render(<EventTime value={{ date: "2027-02-04" }} wrong="endTime" />);
  expect(words()).toContain("It must end after it starts.");
  expect(screen.getByLabelText("Ends, optional").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("Starts").getAttribute("aria-invalid")).toBeNull();
});

test.each(["focus", "pointerDown"] as const)("all zones can be chosen after %s", (event) => {
  const onChange = vi.fn();
  render(<EventTime value={{ date: "2027-02-04" }} onChange={onChange} />);
  const zone = screen.getByLabelText<HTMLSelectElement>("Time zone");
  expect(zone.value).toBe("Europe/Berlin");
  fireEvent[event](zone);
  expect(zone.options.length).toBeGreaterThan(100);
  expect(zone.value).toBe("Europe/Berlin");
  fireEvent.change(zone, { target: { value: "Asia/Tokyo" } });
  expect(onChange).toHaveBeenLastCalledWith({ timezone: "Asia/Tokyo" });
});
