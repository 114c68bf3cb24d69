import { expect, test } from "vitest";

import { invitationOf, isMeant } from "./invitation";
import type { IdentityState } from "./types";

test("a link names the person, the organization and the invitation", () => {
  const search = "?person=ada&organization=acme&invitation=once";
  expect(invitationOf({ pathname: "/start", search })).toEqual({
    hint: { person: "ada", organization: "acme", invitation: "once" },
    path: "/start",
  });
});

test("the rest of the query stays", () => {
  const { path } = invitationOf({
    pathname: "/s/1/ticketSetup",
    search: "?stripe=back&person=ada",
  });
  expect(path).toBe("/s/1/ticketSetup?stripe=back");
});

test("an address without a person is no invitation", () => {
  const search = "?organization=acme";
  expect(invitationOf({ pathname: "/", search })).toEqual({ hint: null, path: `/${search}` });
});

const acme = { id: "acme", name: "Acme" };
const ada: IdentityState = {
  kind: "signedIn",
  person: {
    userId: "ada",
    name: "Ada Lindqvist",
    email: "ada@acme.example",
    organization: acme,
    organizations: [acme],
  },
};

test.each([
  [ada, { person: "ada" }, true],
  [ada, { person: "ada@acme.example", organization: "acme" }, true],
  [ada, { person: "ada", organization: "studio-halm" }, false],
  [ada, { person: "noor" }, false],
  [{ kind: "signedOut", reason: "never" } as const, { person: "ada" }, false],
])("%o is meant by %o: %s", (state, hint, expected) => {
  expect(isMeant(state, hint)).toBe(expected);
});
