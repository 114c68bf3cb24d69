import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import type { Tier } from "../../api/generated";
import type { TicketStage } from "../useStageTicketSetup";
import { Capacity } from "./Capacity";
import { tightestRoom } from "./tiers";

vi.mock("../../session/SessionContext", () => ({ useSession: () => ({ sessionId: "s" }) }));

const HALL: Tier[] = [
  { name: "Standing", quantity: 200 },
  { name: "Seated", quantity: 60, access: "in_person" },
];
const STREAM: Tier = { name: "Stream", quantity: 1_500, access: "online" };

function show(given: readonly Tier[], totalCapacity: number | null = null) {
  const tiers = given.map((tier, index) => ({ ...tier, id: `tier-${index}` }));
  const room = tightestRoom(tiers, totalCapacity, { mode: "hybrid", capacity: 260 });
  render(<Capacity {...({ tiers, room, venueName: "Foundry" } as unknown as TicketStage)} />);
}

test("online tickets take no place in the hall, and are said beside it", () => {
  show([...HALL, STREAM]);

  expect(screen.getByRole("heading", { name: "260 tickets, 260 places" })).toBeTruthy();
  expect(screen.getByRole("img").getAttribute("aria-label")).toBe(
    "Standing 200, Seated 60. There is room for 260.",
  );
  expect(screen.getByText("And 1,500 online, which take no place at the venue.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "at Foundry" })).toBeTruthy();
});

test("too many tickets for the hall are said with the way to its capacity", () => {
  show([...HALL, { name: "Press", quantity: 12 }]);

  expect(screen.getByText(/^12 more than there is room for\./)).toBeTruthy();
});

test("the limit of the event counts all tickets, and is not the venue's", () => {
  show([...HALL, STREAM], 1_700);

  expect(screen.getByRole("heading", { name: "1,760 tickets, 1,700 places" })).toBeTruthy();
  expect(screen.getByText(/^60 more than tickets in all\./)).toBeTruthy();
  expect(screen.queryByRole("link")).toBeNull();
});

test("without tickets there is nothing to see", () => {
  show([{ name: "Standing" }]);

  expect(screen.queryByRole("heading")).toBeNull();
});
