import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { Check } from "../../api/generated";
import type { WizardState } from "../../session/types";
import { sessionWith, viewWith } from "../../test/sessions";
import type { Question } from "../types";
import { PublishQuestion } from "./PublishQuestion";

let session: WizardState;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));

const answer = vi.fn();
const leave = vi.fn();
const change = vi.fn<WizardState["change"]>();

const DRAFTS = {
  eventSetup: {
    title: "Nachtschicht",
    date: "2027-02-04",
    startTime: "20:00",
    endTime: "22:30",
    timezone: "Europe/Berlin",
  },
  ticketSetup: {
    currency: "eur",
    tiers: [
      { id: "a", name: "Early bird", kind: "paid" as const, unit_amount: 1800, quantity: 60 },
      { id: "b", name: "Press", kind: "free" as const, unit_amount: 0 },
    ],
  },
};
const TERMS = found("terms_not_accepted", "reviewPublish", "/acceptedTerms", "block");

function found(
  code: Check["code"],
  stage: Check["stage"],
  pointer: string,
  severity: Check["severity"],
): Check {
  return { code, stage, pointer, severity, params: {}, message: "" } as Check;
}

beforeEach(() => {
  answer.mockReset();
  leave.mockReset();
  change.mockReset();
  history.replaceState(null, "", "/s/s/eventSetup");
});

interface Situation {
  checks?: readonly Check[];
  isAccepted?: boolean;
  publishAt?: string | null;
  /** Whether the API has answered what the checks find. */
  isChecked?: boolean;
}

async function show({
  checks = [],
  isAccepted = false,
  publishAt = null,
  isChecked = true,
}: Situation = {}) {
  const all = isAccepted ? checks : [...checks, TERMS];
  session = sessionWith(
    { ...DRAFTS, reviewPublish: isAccepted ? { acceptTerms: true } : {} },
    { checks: () => (isChecked ? Promise.resolve(all) : new Promise(() => undefined)), change },
    viewWith({}, isAccepted ? [] : ["reviewPublish"]),
  );
  const question: Question = { kind: "publish", callId: "call", publishAt };
  await act(async () => {
    render(<PublishQuestion question={question} answer={answer} onLeave={leave} />);
  });
  return question;
}

const dialog = () => within(screen.getByRole("dialog", { name: "Publish Nachtschicht?" }));
const button = (name: string) => dialog().getByRole("button", { name });

test("it names the title, the date, the hours and each price", async () => {
  await show();

  const facts = [...document.querySelectorAll("dd")].map((fact) => fact.textContent);
  expect(facts[0]).toMatch(/Thursday, February 4, 2027/);
  expect(facts[0]).toMatch(/8:00\sPM to 10:30\sPM, Berlin/);
  expect(facts[1]).toBe("Early bird, €18.00, × 60Press, free");
  expect(facts[2]).toBe("As soon as you publish");
});

test("it names the time at which the event goes public", async () => {
  await show({ isAccepted: true, publishAt: "2027-01-03T09:00:00Z" });

  expect(dialog().getByText(/^January 3, 2027/)).toBeTruthy();
  expect(button("Publish at that time").className).toContain("publish");
});

test("the person accepts the terms before anything is published", async () => {
  await show();

  fireEvent.click(button("Publish"));
  expect(answer).not.toHaveBeenCalled();
  expect(dialog().getByText("Accept the terms to publish.")).toBeTruthy();
  const terms = dialog().getByRole("checkbox", { name: "I accept the terms for organizers." });
  expect(document.activeElement).toBe(terms);
  expect(button("Publish").className).not.toContain("publish");

  fireEvent.click(terms);
  expect(change).toHaveBeenCalledWith("reviewPublish", { acceptTerms: true });
});

test("the terms are asked for also before the checks are known", async () => {
  await show({ isChecked: false });

  expect(dialog().getByText("Looking it over…")).toBeTruthy();
  fireEvent.click(button("Publish"));

  expect(dialog().getByText("Accept the terms to publish.")).toBeTruthy();
  expect(answer).not.toHaveBeenCalled();
});

test("with the terms accepted, Publish is yellow and confirms", async () => {
  const question = await show({ isAccepted: true });

  expect(button("Publish").className).toContain("publish");
  fireEvent.click(button("Publish"));

  expect(answer).toHaveBeenCalledExactlyOnceWith(question, { confirmed: true });
});

test("what stands in the way is led to, and nothing is published", async () => {
  const question = await show({
    checks: [found("sale_over", "ticketSetup", "/tiers/0/saleEnd", "block")],
    isAccepted: true,
  });

  expect(dialog().getByRole("region", { name: "One thing to do" })).toBeTruthy();
  expect(dialog().queryByRole("button", { name: "Publish" })).toBeNull();
  expect(button("Correct it").className).not.toContain("publish");
  fireEvent.click(button("Correct it"));

  expect(location.pathname + location.hash).toBe("/s/s/ticketSetup#field-tiers-0-saleEnd");
  expect(answer).toHaveBeenCalledExactlyOnceWith(question, { confirmed: false });
  expect(leave).toHaveBeenCalledOnce();
});

test("what is worth a look is shown, and does not stand in the way", async () => {
  await show({
    checks: [found("cover_missing", "sponsorsMedia", "/media/cover", "warn")],
    isAccepted: true,
  });

  const worthALook = within(dialog().getByRole("region", { name: "One thing worth a look" }));
  expect(worthALook.getByRole("link").getAttribute("href")).toBe(
    "/s/s/sponsorsMedia#field-media-cover",
  );
  expect(button("Publish").className).toContain("publish");
});

test("Not yet publishes nothing", async () => {
  const question = await show({ isAccepted: true });

  fireEvent.click(button("Not yet"));

  expect(answer).toHaveBeenCalledExactlyOnceWith(question, { confirmed: false });
});
