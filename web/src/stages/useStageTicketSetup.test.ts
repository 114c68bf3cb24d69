import { renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { useSession } from "../session/SessionContext";
import type { WizardState } from "../session/types";
import { useStageTicketSetup } from "./useStageTicketSetup";

vi.mock("../session/SessionContext", () => ({ useSession: vi.fn() }));
vi.mock("../api/wizard", () => ({ useWizard: () => null }));

const tiers = [{ id: "tier-1", name: "Standing", unit_amount: 25 }];
const state = {
  session: { stages: { ticketSetup: { valid: true } } },
  data: () => ({ currency: "jpy", tiers }),
  change: vi.fn(),
  errors: () => [],
  saveState: { kind: "saved", at: null },
};

beforeEach(() => {
  state.change.mockReset();
  vi.mocked(useSession).mockReturnValue(state as unknown as WizardState);
});

test.each([
  ["krw", { currency: "krw" }],
  ["eur", { currency: "eur", tiers: [{ ...tiers[0], unit_amount: 2_500 }] }],
])("prices keep their numbers in %s", (currency, patch) => {
  const { result } = renderHook(() => useStageTicketSetup());
  result.current.changeCurrency(currency);

  expect(state.change).toHaveBeenLastCalledWith("ticketSetup", patch);
});
