import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { ApiProblem } from "../../api/client";
import type { WizardState } from "../../session/types";
import { sessionWith, viewWith } from "../../test/sessions";
import type { MomentProps } from "./Moment";
import { Scheduled } from "./Scheduled";

let session: WizardState;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));
vi.mock("./Moment", () => ({
  Moment: ({ band, children }: MomentProps) => (
    <>
      <p className={band?.isProvisional ? "provisional" : ""}>{band?.time}</p>
      {children}
    </>
  ),
}));
afterEach(cleanup);

const publication = { state: "scheduled", publish_at: "2027-01-10T10:00:00Z", steps: [] };

function show(error: object | null, cancelPublication: WizardState["cancelPublication"]) {
  const view = viewWith({ publication: { ...publication, error } });
  session = sessionWith({ eventSetup: { title: "Nachtschicht" } }, { cancelPublication }, view);
  render(<Scheduled />);
}

test("a scheduled publication says when, and why it would fail", () => {
  const found = { code: "sale_over", stage: "ticketSetup", pointer: "/tiers/0/saleEnd" };
  show({ code: "publish_blocked", message: "1 check blocks.", errors: [found] }, vi.fn());

  expect(screen.getByText(/^It goes public on January 10, 2027/)).toBeTruthy();
  expect(screen.getByText(/^January 10, 2027/).className).toBe("provisional");
  expect(screen.getByRole("heading", { name: "It would not be published as it is." })).toBeTruthy();
  const link = screen.getByRole("link", { name: /^The sale of this ticket ends before/ });
  expect(link.getAttribute("href")).toBe("/s/s/ticketSetup#field-tiers-0-saleEnd");
});

test("a cancellation that did not arrive is said, and can be tried again", async () => {
  const cancel = vi.fn<WizardState["cancelPublication"]>();
  cancel.mockRejectedValueOnce(new ApiProblem(0, "unreachable", {}));
  cancel.mockResolvedValueOnce(viewWith());
  show(null, cancel);
  const button = screen.getByRole("button", { name: "Do not publish" });

  await act(async () => button.click());
  expect(screen.getByRole("alert").textContent).toMatch(/still scheduled/);

  await act(async () => button.click());
  expect(screen.queryByRole("alert")).toBeNull();
  expect(cancel).toHaveBeenCalledTimes(2);
});
