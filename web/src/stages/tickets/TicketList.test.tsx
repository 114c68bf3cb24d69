import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import type { StageErrorView } from "../../api/generated";
import { navigate } from "../../app/router";
import { fieldError, fieldState } from "../../test/fields";
import type { ShownTier, TicketStage } from "../useStageTicketSetup";
import { TicketList } from "./TicketList";

/** The ids that the API gave, by those of this browser. */
const issued = new Map<string, string>();

vi.mock("../../session/SessionContext", () => ({
  useSession: () => ({
    keyOf: (id: string) => [...issued].find(([, given]) => given === id)?.[0] ?? id,
  }),
}));

const TIERS: readonly ShownTier[] = [
  { id: "tier-1", name: "Early bird", kind: "paid", unit_amount: 30, quantity: 40 },
  { id: "tier-2", name: "Standing", kind: "paid", unit_amount: 2500, quantity: 180 },
  { id: "tier-3", name: "Press", kind: "free", unit_amount: 0, visibility: "hidden" },
];

interface TicketsProps {
  tiers?: readonly ShownTier[];
  errors?: readonly StageErrorView[];
  isSubmitted?: boolean;
}

let issue: (id: string, given: string) => void;

function Tickets({ tiers: first = TIERS, errors = [], isSubmitted = false }: TicketsProps) {
  const [tiers, setTiers] = useState([...first]);
  issue = (id, given) => {
    issued.set(id, given);
    setTiers(tiers.map((tier) => (tier.id === id ? { ...tier, id: given } : tier)));
  };
  const stage = {
    form: { field: fieldState, errors, isSubmitted, disabled: false, data: {} },
    tiers,
    currency: "eur",
    mostTiers: 50,
    isHybrid: false,
    add: (tier: object) => {
      setTiers([...tiers, { ...tier, id: "new-1" }]);
      return "new-1";
    },
    addAll: (added: readonly object[]) =>
      setTiers([...tiers, ...added.map((tier, index) => ({ ...tier, id: `new-${index}` }))]),
    changeTier: (id: string, patch: object) =>
      setTiers(tiers.map((tier) => (tier.id === id ? { ...tier, ...patch } : tier))),
    remove: (id: string) => setTiers(tiers.filter((tier) => tier.id !== id)),
    move: (from: number, to: number) => {
      const moved = [...tiers];
      moved.splice(to, 0, ...moved.splice(from, 1));
      setTiers(moved);
    },
  };
  return <TicketList {...(stage as unknown as TicketStage)} />;
}

const TOO_SMALL = fieldError("/tiers/0/unit_amount", "amount_too_small");

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const names = () => [...document.querySelectorAll(".ticket-name b")].map((b) => b.textContent);

beforeEach(() => {
  issued.clear();
  history.replaceState(null, "", "/");
});

test("a ticket that moves keeps the focus on its button, and its place is said", () => {
  render(<Tickets />);
  press("Move Press up");
  expect(names()).toEqual(["Early bird", "Press", "Standing"]);
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Move Press up");
  expect(screen.getByRole("status").textContent).toBe("Press, now 2 of 3");
});

test("a row says its price, its quantity and its conditions", () => {
  render(<Tickets />);
  const rows = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(rows[1]).toContain("Standing€25.00× 180");
  expect(rows[2]).toContain("hidden, by invitation");
  expect(rows[2]).toContain("free");
});

test.each([
  [{ saleStart: "2026-12-01T10:00" }, "on sale from Dec 1, 10:00 AM"],
  [{ saleEnd: "2027-01-13T18:00" }, "on sale until Jan 13, 6:00 PM"],
  [
    { saleStart: "2026-12-01T10:00", saleEnd: "2027-01-13T18:00" },
    "on sale Dec 1, 10:00 AM to Jan 13, 6:00 PM",
  ],
])("a row says when the ticket is on sale, in one phrase: %j", (times, words) => {
  render(<Tickets tiers={[{ id: "tier-1", name: "Seat", kind: "free", ...times }]} />);
  expect(screen.getByRole("listitem").textContent?.replaceAll("\u202f", " ")).toContain(words);
});

test("one ticket is open at a time", () => {
  render(<Tickets />);
  press("Change Early bird");
  press("Change Standing");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Standing");
  press("Done");
  expect(screen.queryByLabelText("Name")).toBeNull();
});

test("a row that opens has the focus, and its button when it closes", () => {
  render(<Tickets />);
  screen.getByRole("button", { name: "Change Standing" }).focus();
  press("Change Standing");
  expect(document.activeElement).toBe(screen.getByLabelText("Name").closest("li"));

  screen.getByRole("button", { name: "Done" }).focus();
  press("Done");
  expect(document.activeElement?.textContent).toBe("Change Standing");
});

test("a new ticket keeps its focus when the API gives it another id", () => {
  const { rerender } = render(<Tickets />);
  press("Add a ticket");
  const name = screen.getByLabelText<HTMLInputElement>("Name");
  expect(document.activeElement).toBe(name);
  fireEvent.change(name, { target: { value: "Front row" } });
  issue("new-1", "tier-4");
  rerender(<Tickets />);
  expect(screen.getByLabelText("Name")).toBe(name);
  expect(document.activeElement).toBe(name);
});

test("a ticket that is removed leaves the focus in the list", () => {
  render(<Tickets />);
  press("Change Standing");
  press("Remove");
  expect(names()).toEqual(["Early bird", "Press"]);
  expect(document.activeElement?.textContent).toBe("Add a ticket");
});

test("a closed row says what is wrong, but not what is still missing", () => {
  const missing = fieldError("/tiers/1/unit_amount", "missing");
  render(<Tickets errors={[TOO_SMALL, missing]} />);
  const rows = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(rows[0]).toContain("1 price to correct");
  expect(rows[1]).not.toContain("to correct");
});

test("Continue opens the first row with an error, which can be closed again", () => {
  const { rerender } = render(<Tickets errors={[TOO_SMALL]} />);
  rerender(<Tickets errors={[TOO_SMALL]} isSubmitted />);
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Early bird");
  press("Done");
  expect(screen.queryByLabelText("Name")).toBeNull();
});

test("a link into a field opens its row, also for the second time", async () => {
  render(<Tickets />);
  for (const _time of [1, 2]) {
    navigate("#field-tiers-1-quantity", { replace: true });
    expect((await screen.findByLabelText<HTMLInputElement>("Name")).value).toBe("Standing");
    press("Done");
  }
});

test("without tickets there is a usual set to begin with", () => {
  render(<Tickets tiers={[]} />);
  expect(screen.getByText("No tickets yet.")).toBeTruthy();
  press("Begin with a usual set");
  expect(names()).toEqual(["Early bird", "Standard", "Press and friends"]);
  expect(document.activeElement?.id).toBe("field-tiers");
});
