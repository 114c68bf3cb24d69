import { renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { WizardState } from "../session/types";
import { STAGES, type Stage } from "../stages/stages";
import { fieldError } from "../test/fields";
import { sessionWith, viewWith } from "../test/sessions";
import { useWhy } from "./useWhy";

let session: WizardState;
vi.mock("../session/SessionContext", () => ({ useSession: () => session }));
vi.mock("../session/FallContext", () => ({ useFall: () => null }));

const ALL = Object.fromEntries(STAGES.map((stage) => [stage, 100])) as Record<Stage, number>;

function stateWith(completion: Partial<Record<Stage, number>>, wrong = 0): WizardState {
  const view = viewWith({ completion_details: { ...ALL, ...completion } });
  view.stages.ticketSetup.errors = Array.from({ length: wrong }, (_one, place) =>
    fieldError(`/tiers/${place}/unit_amount`, "amount_too_small"),
  );
  return sessionWith({}, { conflicts: [] }, view);
}

beforeEach(() => {
  session = stateWith({});
});

const why = () => renderHook(() => useWhy()).result.current;

test("the next stage is named, with what is to correct there", () => {
  session = stateWith({ ticketSetup: 60, reviewPublish: 80 });
  expect(why()).toBe("Next: Tickets.");
  session = stateWith({ ticketSetup: 99, reviewPublish: 80 }, 1);
  expect(why()).toBe("Next: one thing to correct under Tickets.");
  session = stateWith({ ticketSetup: 99, reviewPublish: 80 }, 2);
  expect(why()).toBe("Next: 2 things to correct under Tickets.");
});

test("the last percent is said to come with the publication", () => {
  session = stateWith({ reviewPublish: 80 });
  expect(why()).toBe("Everything is there. Review it, and publish.");
  session = stateWith({ reviewPublish: 99 });
  expect(why()).toBe("100 once it is published.");
});

test("an account that paid tickets need comes before the review", () => {
  const tiers = [{ id: "a", unit_amount: 2_500 }];
  const stateOf = (status: "not_connected" | "ready") =>
    sessionWith(
      { ticketSetup: { tiers } },
      { conflicts: [] },
      viewWith({ completion_details: { ...ALL, reviewPublish: 80 }, payments: { status } }),
    );
  session = stateOf("not_connected");
  expect(why()).toBe("Next: Stripe, under Tickets.");
  session = stateOf("ready");
  expect(why()).toBe("Everything is there. Review it, and publish.");
});

test("nothing is next in a session that takes no changes", () => {
  session = { ...stateWith({ ticketSetup: 60 }), saveState: { kind: "closed" } };
  expect(why()).toBe("");
});
