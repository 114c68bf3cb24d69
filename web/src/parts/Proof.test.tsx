import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { WizardState } from "../session/types";
import { sessionWith } from "../test/sessions";
import { TextsContext } from "../texts";
import { en } from "../texts/en";
import { displaySize } from "./displaySize";
import { Proof } from "./Proof";

let session: WizardState;
vi.mock("../session/SessionContext", () => ({ useSession: () => session }));
vi.mock("../api/wizard", () => ({ useWizard: () => null }));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const tiers = [{ id: "a", name: "Standing", kind: "paid" as const, unit_amount: 2_500 }];

test("every part that is missing is basted with its name", () => {
  session = sessionWith({});
  render(<Proof />);

  const basted = [...document.querySelectorAll(".basted")].map((part) => part.textContent);
  expect(basted).toEqual([
    "Organizer",
    "Title",
    "Date",
    "Hours",
    "Place",
    "Address",
    "In one sentence",
    "Tickets",
    "Price",
  ]);
});

test("a published page lacks nothing", () => {
  session = sessionWith({
    organizerSetup: { name: "Imani Okafor" },
    eventSetup: { title: "Nacht", date: "2030-05-09", startTime: "20:00" },
    venueSetup: { mode: "virtual" },
    ticketSetup: { currency: "eur", tiers },
  });
  const { rerender } = render(<Proof />);
  expect(document.querySelector(".basted")?.textContent).toBe("In one sentence");

  rerender(<Proof cut />);
  expect(document.querySelector(".basted")).toBeNull();
});

test("the company is named above the title, else the person", () => {
  session = sessionWith({ organizerSetup: { name: "Imani Okafor" } });
  const { rerender } = render(<Proof />);
  expect(screen.getByText("Imani Okafor")).toBeTruthy();

  session = sessionWith({ organizerSetup: { name: "Imani Okafor", organization: "Atelier" } });
  rerender(<Proof />);
  expect(screen.getByText("Atelier")).toBeTruthy();
  expect(screen.queryByText("Imani Okafor")).toBeNull();
});

test("a value that changes is washed for 1.2 seconds, and nothing at the beginning", () => {
  session = sessionWith({
    eventSetup: { title: "Nacht" },
    ticketSetup: { currency: "eur", tiers },
  });
  const { rerender } = render(<Proof />);
  expect(document.querySelector(".washed")).toBeNull();

  session = sessionWith({
    eventSetup: { title: "Nachtschicht" },
    ticketSetup: { currency: "eur", tiers },
  });
  rerender(<Proof />);
  expect([...document.querySelectorAll(".washed")].map((part) => part.textContent)).toEqual([
    "Nachtschicht",
  ]);

  act(() => vi.advanceTimersByTime(1_200));
  expect(document.querySelector(".washed")).toBeNull();
});

test("an event of several days is said with its first and last day", () => {
  session = sessionWith({ eventSetup: { date: "2027-03-28", endDate: "2027-04-02" } });
  render(<Proof />);

  const date = screen.getByText(/March 28, 2027/);
  expect(date.textContent).toBe("Sunday, March 28, 2027 to Friday, April 2, 2027");
});

test.each([
  ["en-US", "8:00 PM to 10:30 PM", "until December 20 at 11:59 PM"],
  ["en-GB", "20:00 to 22:30", "until 20 December at 23:59"],
])("times are written as in the fields of the form, in %s", (language, hours, until) => {
  session = sessionWith({
    eventSetup: { startTime: "20:00", endTime: "22:30" },
    ticketSetup: { currency: "eur", tiers: [{ ...tiers[0], saleEnd: "2026-12-20T23:59" }] },
  });
  render(
    <TextsContext value={{ ...en, language }}>
      <Proof />
    </TextsContext>,
  );

  const plain = (text: string | null) => text?.replaceAll("\u202f", " ");
  expect(plain(screen.getByText(/ to /).textContent)).toBe(hours);
  expect(plain(screen.getByText(/until/).textContent)).toBe(until);
});

test("hidden tickets and those that are not sold are left out", () => {
  session = sessionWith({
    ticketSetup: {
      currency: "eur",
      tiers: [
        ...tiers,
        { id: "b", name: "Press", kind: "free", visibility: "hidden" },
        { id: "c", name: "Balcony", kind: "free", quantity: 0 },
      ],
    },
  });
  render(<Proof />);

  expect(screen.getAllByRole("listitem").map((row) => row.textContent)).toEqual(["Standing€25.00"]);
});

test("a title's size lets its longest word fit", () => {
  expect(displaySize("Nachtschicht", "42px")).toBe("max(var(--d-30), min(42px, 26.88cqi))");
  expect(displaySize("Die Frühjahrskollektionspräsentation", "42px")).toBe(
    "max(var(--d-30), min(42px, 10.08cqi))",
  );
});
