import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { CopilotSuggestion } from "../../api/generated";
import type { WizardState } from "../../session/types";
import type { Stage } from "../../stages/stages";
import { sessionWith } from "../../test/sessions";
import { Suggestions } from "./Suggestions";

let session: WizardState;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));

const getCopilot = vi.hoisted(() => vi.fn());
vi.mock("../../api/generated", async (original) => ({
  ...(await original<typeof import("../../api/generated")>()),
  getCopilot,
}));

const change = vi.fn<WizardState["change"]>();

function suggestion(stage: Stage, pointer: string, value: unknown, text: string) {
  return { stage, pointer, value, text, reason_code: "", params: {} } as CopilotSuggestion;
}

function begin(drafts: Parameters<typeof sessionWith>[0] = {}) {
  session = sessionWith(drafts, { change });
}

/** An answer that lists all suggestions, unless another text is given. */
async function show(
  stage: Stage,
  suggestions: readonly CopilotSuggestion[],
  text = `Suggestions:\n${suggestions.map((one) => `- A field (${one.text})`).join("\n")}`,
) {
  getCopilot.mockResolvedValue({ data: { suggestions }, response: new Response() });
  await act(async () => {
    render(<Suggestions stage={stage} text={text} onLeave={() => undefined} />);
  });
}

const row = (words: string | RegExp) => {
  const found = screen.getByText(words).closest("li");
  if (found === null) throw new Error(`no row has ${words}`);
  return found;
};

beforeEach(() => {
  change.mockReset();
  getCopilot.mockReset();
  begin();
});

test("a suggestion is basted, with its reason, until it is used", async () => {
  const hours = suggestion("eventSetup", "/endTime", "22:30", "Two hours after the start.");
  await show("eventSetup", [hours]);

  expect(getCopilot.mock.lastCall?.[0].query.stage).toBe("eventSetup");
  expect(within(row(/^10:30\sPM$/)).getByText(/^10:30\sPM$/).className).toBe("basted");
  expect(screen.getByText("Two hours after the start.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Use for Ends" }));

  expect(change).toHaveBeenCalledExactlyOnceWith("eventSetup", { endTime: "22:30" });
});

test("a suggestion that the field has is used", async () => {
  begin({ eventSetup: { endTime: "22:30" } });
  await show("eventSetup", [suggestion("eventSetup", "/endTime", "22:30", "Usual.")]);

  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByText("used")).toBeTruthy();
});

test("a field within another one is changed with what it has", async () => {
  begin({ venueSetup: { address: { city: "Berlin" } } });
  await show("venueSetup", [suggestion("venueSetup", "/address/country", "DE", "Usual.")]);

  fireEvent.click(screen.getByRole("button", { name: "Use for Country" }));

  expect(change).toHaveBeenCalledExactlyOnceWith("venueSetup", {
    address: { city: "Berlin", country: "DE" },
  });
});

test("a field of a ticket is changed in its list", async () => {
  const [early, late] = [
    { id: "tier-1", name: "Early bird" },
    { id: "tier-2", name: "Standing" },
  ];
  begin({ ticketSetup: { tiers: [early, late] } });
  const saleEnd = "2027-02-01T20:00:00Z";
  await show("ticketSetup", [suggestion("ticketSetup", "/tiers/1/saleEnd", saleEnd, "Usual.")]);

  fireEvent.click(screen.getByRole("button", { name: "Use for Standing: on sale until" }));

  expect(change).toHaveBeenCalledExactlyOnceWith("ticketSetup", {
    tiers: [early, { ...late, saleEnd }],
  });
});

test("tickets are suggested as a set", async () => {
  begin({ ticketSetup: { currency: "eur" } });
  const tiers = [{ name: "Standing", unit_amount: 2500, quantity: 140 }];
  await show("ticketSetup", [suggestion("ticketSetup", "/tiers", tiers, "Usual for shows.")]);

  expect(screen.getByText("Standing, €25.00, × 140")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Use for Tickets" }));

  expect(change).toHaveBeenCalledExactlyOnceWith("ticketSetup", { tiers });
});

test("what the person has to write has no button", async () => {
  await show("venueSetup", [
    suggestion("venueSetup", "/accessibility", null, "Say how people get in."),
  ]);

  expect(row("Say how people get in.").textContent).toContain("Getting in");
  expect(screen.queryByRole("button")).toBeNull();
});

test("the list takes the place of that of the answer", async () => {
  const hours = suggestion("eventSetup", "/endTime", "22:30", "Two hours after the start.");
  await show("eventSetup", [hours]);

  expect(screen.getAllByRole("list")).toHaveLength(1);
  expect(screen.getByText("Suggestions:")).toBeTruthy();
});

test("only fields that the answer names are listed, each with all its suggestions", async () => {
  const titles = ["Night Shift", "Late Shift"].map((title, index) =>
    suggestion("eventSetup", "/title", title, `Reason ${index}.`),
  );
  const hours = suggestion("eventSetup", "/endTime", "22:30", "Two hours after the start.");
  await show("eventSetup", [...titles, hours], "- Title: Night Shift (Reason 0.)");

  const [list] = screen.getAllByRole("list", { name: "Suggestions" });
  expect(list?.textContent).toContain("Night Shift");
  expect(list?.textContent).toContain("Late Shift");
  expect(list?.textContent).not.toContain("10:30");
});

test("an answer whose suggestions cannot be read keeps its own list", async () => {
  getCopilot.mockResolvedValue({ error: {}, response: new Response(null, { status: 503 }) });
  const text = "- Title: Night Shift";
  await act(async () => {
    render(<Suggestions stage="eventSetup" text={text} onLeave={() => undefined} />);
  });

  expect(screen.getByRole("listitem").textContent).toBe("Title: Night Shift");
});
