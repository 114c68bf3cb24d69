import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import type { Check } from "../../api/generated";
import type { WizardState } from "../../session/types";
import { sessionWith, viewWith } from "../../test/sessions";
import { CheckLists, pathToCheck } from "./CheckLists";

let session: WizardState = sessionWith({});
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));
afterEach(cleanup);

function check(changes: Partial<Check>): Check {
  const usual = { code: "sale_over", stage: "ticketSetup", pointer: "/tiers/1/saleEnd" };
  return { ...usual, message: "The API’s own.", severity: "block", ...changes } as Check;
}

function show(blocking: Check[], warnings: Check[] = []) {
  const checks = [...blocking, ...warnings];
  render(<CheckLists {...{ checks, blocking, warnings, lookedAt: new Date() }} />);
}

const link = (found: Check, errors: WizardState["errors"] = () => []) =>
  pathToCheck({ sessionId: "s", errors }, found);

test("a check links to its field", () => {
  expect(link(check({}))).toBe("/s/s/ticketSetup#field-tiers-1-saleEnd");
});

test("a check of a whole stage links to the stage's first error", () => {
  const whole = check({ code: "stage_invalid", stage: "eventSetup", pointer: "" });
  const error = { pointer: "/title", code: "missing", params: {}, message: "" } as const;

  expect(link(whole)).toBe("/s/s/eventSetup");
  expect(link(whole, () => [error])).toBe("/s/s/eventSetup#field-title");
});

test("a check of the account links to the slip", () => {
  expect(link(check({ code: "payments_not_ready", pointer: "" }))).toBe("/s/s/ticketSetup#stripe");
});

test("what stands in the way is shown in words, with a link, the rest is folded", () => {
  show([check({})], [check({ code: "cover_missing", severity: "warn", message: "" })]);

  const wrong = within(screen.getByRole("region", { name: "One thing to do" }));
  const sentence = /^The sale of this ticket ends before the event goes public\./;
  expect(wrong.getByText(sentence)).toBeTruthy();
  const change = wrong.getByRole("link", { name: "Change" });
  const described = document.getElementById(change.getAttribute("aria-describedby") ?? "");
  expect(described?.textContent).toMatch(sentence);
  expect(screen.getByRole("region", { name: "One thing worth a look" })).toBeTruthy();
  expect(document.querySelector("details")?.open).toBe(false);
});

test("a check names its stage, unless it leads to the review itself or says it already", () => {
  show([
    check({ code: "terms_not_accepted", stage: "reviewPublish", pointer: "/acceptedTerms" }),
    check({ code: "stage_invalid", stage: "eventSetup", pointer: "" }),
    check({ code: "cover_missing", stage: "sponsorsMedia", pointer: "" }),
  ]);

  const [terms, event, cover] = screen.getAllByRole("listitem");
  expect(terms?.textContent).not.toContain("Review");
  expect(event?.textContent?.match(/Event/g)).toHaveLength(1);
  expect(cover?.textContent).toContain("Sponsors and media");
});

test("what passes is derived from the view, and open if nothing is in the way", () => {
  const tiers = [
    { id: "a", unit_amount: 100, quantity: 200 },
    { id: "b", unit_amount: 0, quantity: 60 },
    { id: "c", unit_amount: 0, quantity: 900, access: "online" as const },
  ];
  const drafts = {
    eventSetup: { slug: "nachtschicht" },
    venueSetup: { mode: "hybrid" as const, capacity: 260 },
    ticketSetup: { tiers },
  };
  session = sessionWith(drafts, {}, viewWith({ payments: { status: "ready" } }));
  show([]);

  const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows).toEqual([
    "All stages are complete",
    "Stripe is ready to take money and to pay it out",
    "The tickets fit the room260 of 260 places",
    `The address is free${location.host}/e/nachtschicht`,
    "The terms are accepted",
  ]);
  expect(document.querySelector("details")?.open).toBe(true);
});

test("a check that found something does not pass", () => {
  session = sessionWith(
    {
      eventSetup: { slug: "taken" },
      venueSetup: { capacity: 1 },
      ticketSetup: { tiers: [{ quantity: 2 }] },
    },
    {},
    viewWith({}, ["organizerSetup", "reviewPublish"]),
  );
  show([check({ code: "slug_taken" }), check({ code: "capacity_exceeded", pointer: "/tiers" })]);

  const passing = within(document.querySelector("details") ?? document.body);
  const rows = passing.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows).toEqual([
    "Event is complete",
    "Venue is complete",
    "Tickets is complete",
    "Sponsors and media is complete",
  ]);
});
