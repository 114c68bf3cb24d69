import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { Payments } from "../../api/generated";
import { useSession } from "../../session/SessionContext";
import type { WizardState } from "../../session/types";
import { StripeSlip } from "./StripeSlip";

vi.mock("../../session/SessionContext", () => ({ useSession: vi.fn() }));

const requests = {
  refresh: vi.fn(async () => undefined),
  connectPayments: vi.fn(async () => ({ onboarding_url: "#at-stripe" })),
  disconnectPayments: vi.fn(async () => undefined),
};

async function slip(payments: Partial<Payments>): Promise<void> {
  const state = { session: { payments }, ...requests };
  vi.mocked(useSession).mockReturnValue(state as unknown as WizardState);
  render(<StripeSlip />);
  await act(async () => undefined);
}

async function press(name: string): Promise<void> {
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name }));
  });
}

beforeEach(() => {
  vi.clearAllMocks();
  history.replaceState(null, "", "/");
});

test("without an account there is one button, which leads to Stripe", async () => {
  await slip({ status: "not_connected" });
  expect(screen.getByRole("heading").textContent).toBe("Stripe is not connected");
  expect(screen.getAllByRole("button")).toHaveLength(1);
  await press("Connect Stripe");
  expect(location.hash).toBe("#at-stripe");
});

test("what Stripe still needs is said in lines", async () => {
  await slip({
    status: "restricted",
    account_id: "acct_1",
    livemode: false,
    requirements: ["identity.individual.verification.document"],
  });
  expect(screen.getByRole("heading").textContent).toBe("Stripe needs one more thing");
  expect(screen.getByRole("listitem").textContent).toBe("An identity document");
  expect(screen.getByRole("region").textContent).toContain("acct_1 · test mode");
  expect(screen.getByRole("button", { name: "Continue at Stripe" })).toBeTruthy();
});

test("needs that have the same words are one line, and new ones are found at Stripe", async () => {
  const requirements = ["company.address.city", "company.address.line1", "company.newer", "newer"];
  await slip({ status: "restricted", account_id: "acct_1", requirements });
  expect(screen.getAllByRole("listitem").map((line) => line.textContent)).toEqual([
    "An address",
    "Details of the business",
    "Something that Stripe shows you",
  ]);
});

test("the state is fetched afresh when the person comes back", async () => {
  await slip({ status: "onboarding" });
  expect(requests.refresh).toHaveBeenCalledTimes(1);
  await act(async () => dispatchEvent(new Event("pageshow")));
  expect(requests.refresh).toHaveBeenCalledTimes(2);
  await press("Check again");
  expect(requests.refresh).toHaveBeenCalledTimes(3);
});

test("an account that is ready is disconnected after a question", async () => {
  await slip({ status: "ready", account_id: "acct_1" });
  expect(screen.queryByRole("button", { name: "Continue at Stripe" })).toBeNull();
  await press("Disconnect");
  const question = screen.getByRole("dialog", { name: "Disconnect Stripe?" });
  expect(question.textContent).toContain("stop selling tickets");
  await press("Keep it connected");
  expect(requests.disconnectPayments).not.toHaveBeenCalled();

  await press("Disconnect");
  await act(async () => {
    fireEvent.click(within(question).getByRole("button", { name: "Disconnect" }));
  });
  expect(requests.disconnectPayments).toHaveBeenCalledOnce();
});

test("a failure is said, and the next attempt takes it away", async () => {
  await slip({ status: "not_connected" });
  requests.connectPayments.mockRejectedValueOnce(new Error("unreachable"));
  await press("Connect Stripe");
  expect(screen.getByRole("alert").textContent).toContain("Stripe cannot be reached");
  await press("Connect Stripe");
  expect(screen.queryByRole("alert")).toBeNull();
});
