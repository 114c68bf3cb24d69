import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Event, SalesView } from "../../api/generated";
import { Sales } from "./Sales";
import { useSales } from "./useSales";

const api = vi.hoisted(() => ({
  getSales: vi.fn(),
  pauseSales: vi.fn(),
  resumeSales: vi.fn(),
  closeSales: vi.fn(),
  getWizard: vi.fn(() => new Promise(() => undefined)),
}));
vi.mock("../../api/generated", () => api);

const event = {
  event_id: "e",
  ticket_tiers: [
    { id: "a", kind: "paid", saleEnd: "2026-12-20T23:59" },
    { id: "b", kind: "free", visibility: "hidden" },
  ],
} as Event;

function sales(sold: number, state: Partial<SalesView> = {}): SalesView {
  const tier = { held: 0, left: 1, refunded: 0, quantity: 40, state: "on_sale" as const };
  return {
    event_id: "e",
    currency: "eur",
    sales: "on",
    reason: null,
    tiers: [
      { ...tier, tier_id: "a", name: "Early bird", sold, amount: 1_800 * sold },
      { ...tier, tier_id: "b", name: "Press", sold: 0, amount: 0, quantity: null },
    ],
    total: { sold, quantity: 300, amount: 1_800 * sold, refunded: 0 },
    ...state,
  } as SalesView;
}

const ok = (data: SalesView) => ({ data, response: new Response() });

function Page() {
  return <Sales event={event} {...useSales("e")} />;
}

beforeEach(() => {
  vi.useFakeTimers();
  api.getSales.mockReset().mockResolvedValue(ok(sales(6)));
  for (const change of [api.pauseSales, api.resumeSales]) change.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
const cells = (row: number) =>
  [...(document.querySelectorAll("tr")[row]?.children ?? [])].map((cell) => cell.textContent);

test("refunds are not part of what was taken, and are said below it", async () => {
  const bought = sales(6);
  const tiers = bought.tiers.map((tier) => ({ ...tier, refunded: tier.sold && 3_600 }));
  const total = { ...bought.total, refunded: 3_600 };
  api.getSales.mockResolvedValue(ok(sales(6, { tiers, total })));
  render(<Page />);
  await pass(0);

  expect(cells(1)[3]).toBe("€72.00€36.00 refunded");
  expect(cells(3)[3]).toBe("€72.00€36.00 refunded");
});

test("rows say the state, what is sold of how many, and what was taken", async () => {
  render(<Page />);
  await pass(0);

  expect(cells(1)).toEqual([
    "Early bird",
    expect.stringMatching(/^On sale until Dec 20/),
    "6 of 40",
    "€108.00",
  ]);
  expect(cells(2)).toEqual(["Press", "Hidden", "0", "free"]);
  expect(cells(3)).toEqual(["Together", "", "6 of 300", "€108.00"]);
});

test("a sale comes in by itself and is washed for a moment", async () => {
  render(<Page />);
  await pass(0);
  api.getSales.mockResolvedValue(ok(sales(7)));

  await pass(5_000);
  expect(cells(1)[2]).toBe("7 of 40");
  expect(document.querySelectorAll("tr.washed").length).toBe(1);

  await pass(1_200);
  expect(document.querySelector("tr.washed")).toBeNull();
});

test("a failed look keeps the last sales", async () => {
  render(<Page />);
  await pass(0);
  api.getSales.mockRejectedValue(new TypeError("offline"));

  await pass(10_000);

  expect(cells(1)[2]).toBe("6 of 40");
});

test("sales that cannot be read at first are said, and come as soon as they can be", async () => {
  api.getSales.mockRejectedValueOnce(new TypeError("offline"));
  render(<Page />);
  await pass(0);
  expect(screen.getByRole("status").textContent).toBe("Sales cannot be shown right now.");

  await pass(5_000);
  expect(cells(1)[2]).toBe("6 of 40");
});

test("a look that began before a change does not undo it", async () => {
  render(<Page />);
  await pass(0);
  let answer: (result: object) => void = () => undefined;
  api.getSales.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  await pass(5_000);
  api.pauseSales.mockResolvedValueOnce(ok(sales(6, { sales: "paused", reason: "organizer" })));
  await act(async () => screen.getByRole("button", { name: "Pause sales" }).click());

  await act(async () => answer(ok(sales(6))));
  expect(screen.getByRole("button", { name: "Resume sales" })).toBeTruthy();
});

test("the switch keeps the focus when its meaning changes", async () => {
  render(<Page />);
  await pass(0);
  api.pauseSales.mockResolvedValueOnce(ok(sales(6, { sales: "paused", reason: "organizer" })));
  screen.getByRole("button", { name: "Pause sales" }).focus();
  await act(async () => screen.getByRole("button", { name: "Pause sales" }).click());

  expect(document.activeElement?.textContent).toBe("Resume sales");
});

test("sales are paused and resumed, and a failure is said", async () => {
  render(<Page />);
  await pass(0);
  api.pauseSales.mockResolvedValueOnce(ok(sales(6, { sales: "paused", reason: "organizer" })));
  await act(async () => screen.getByRole("button", { name: "Pause sales" }).click());
  expect(screen.getByRole("status").textContent).toBe("Sales are paused.");

  api.resumeSales.mockResolvedValueOnce({ data: undefined, response: undefined });
  await act(async () => screen.getByRole("button", { name: "Resume sales" }).click());
  expect(screen.getByRole("alert").textContent).toBe("The sales could not be changed. Try again.");
});
