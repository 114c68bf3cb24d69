import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { IdentityContext } from "../identity/IdentityContext";
import type { Identity, IdentityState } from "../identity/types";
import { preparePage, Screen } from "./Screen";

vi.mock("../screens/MyEvents", () => ({ default: () => <h1>My events</h1> }));
vi.mock("../screens/Start", () => ({ default: () => <h1>New event</h1> }));

const state: IdentityState = {
  kind: "signedIn",
  person: { userId: "ada", name: "Ada", email: null, organization: null, organizations: [] },
};
const identity = { state, subscribe: () => () => undefined } as Partial<Identity> as Identity;

test.each([
  ["/", "My events"],
  ["/start", "New event"],
])("a page that is prepared is shown at once, without an empty one: %s", async (path, heading) => {
  history.replaceState(null, "", path);
  await act(() => preparePage(path));
  render(
    <IdentityContext value={identity}>
      <Screen />
    </IdentityContext>,
  );

  expect(screen.getByRole("heading").textContent).toBe(heading);
});
