import { expect, test } from "vitest";

import { organizationOf, personOf } from "./claims";

/** A token in base64url, as issuers write it. */
function jwt(claims: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `e30.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.c2ln`;
}

test("the ID token names the person", () => {
  const organizations = [{ id: "acme", name: "Acme" }, { id: "halm" }, { name: "without an id" }];
  const idToken = jwt({ sub: "t-1", name: "Tomás Vidal", email: "t@vidal.example", organizations });
  expect(personOf(idToken, jwt({ sub: "t-1" }))).toEqual({
    userId: "t-1",
    name: "Tomás Vidal",
    email: "t@vidal.example",
    organization: null,
    organizations: [
      { id: "acme", name: "Acme" },
      { id: "halm", name: "halm" },
    ],
  });
});

test.each([
  [{ sub: "u1", name: "Noor", preferred_username: "nr" }, "Noor"],
  [{ sub: "u1", preferred_username: "nr", email: "noor@halm.example" }, "nr"],
  [{ sub: "u1", email: "noor@halm.example" }, "noor"],
  [{ sub: "u1", name: "" }, "u1"],
])("the name in %o is %s", (claims, name) => {
  expect(personOf(null, jwt(claims)).name).toBe(name);
});

test.each([
  ["Supabase", { app_metadata: { organization_id: "acme" } }],
  ["Auth0", { org_id: "acme" }],
  ["Clerk", { o: { id: "acme" } }],
])("the organization in a token of %s is read as the API reads it", (_issuer, claims) => {
  expect(organizationOf(jwt(claims), null)).toEqual({ id: "acme", name: "acme" });
});

test("the first claim decides, and the ID token may name the organization", () => {
  const access = jwt({ app_metadata: { organization_id: "acme" }, org_id: "other" });
  expect(organizationOf(access, jwt({ org_name: "Acme" }))).toEqual({ id: "acme", name: "Acme" });
});

test.each(["opaque", "a.b.c", "", jwt([])])("%o speaks for nobody, without a failure", (token) => {
  expect(organizationOf(token, null)).toBeNull();
  expect(personOf(null, token)).toMatchObject({ userId: "", organizations: [] });
});
