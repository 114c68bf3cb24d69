/**
 * What the tokens say about the person, for the page alone: the API checks them itself.
 */

import type { Organization, Person } from "./types";

type Claims = Readonly<Record<string, unknown>>;

export function personOf(idToken: string | null, accessToken: string): Person {
  const claims = { ...claimsOf(accessToken), ...claimsOf(idToken) };
  const userId = text(claims["sub"]) ?? "";
  const email = text(claims["email"]);
  const name =
    text(claims["name"]) ?? text(claims["preferred_username"]) ?? email?.split("@")[0] ?? userId;
  const listed = Array.isArray(claims["organizations"]) ? claims["organizations"] : [];
  return {
    userId,
    name,
    email,
    organization: null,
    organizations: listed.flatMap((entry: Claims) => {
      const id = text(entry["id"]);
      return id === null ? [] : [{ id, name: text(entry["name"]) ?? id }];
    }),
  };
}

/** The tenant of the access token, as the API reads it; its name is in either token. */
export function organizationOf(accessToken: string, idToken: string | null): Organization | null {
  const claims = claimsOf(accessToken);
  const id =
    text(object(claims["app_metadata"])["organization_id"]) ??
    text(claims["org_id"]) ??
    text(object(claims["o"])["id"]);
  if (id === null) return null;
  const name = text(claims["org_name"]) ?? text(claimsOf(idToken)["org_name"]) ?? id;
  return { id, name };
}

/** The payload of a JWT; nothing if it is none. */
function claimsOf(token: string | null): Claims {
  const payload = token?.split(".")[1];
  if (payload === undefined) return {};
  try {
    const bytes = Uint8Array.from(
      atob(payload.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
    return object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}

function object(value: unknown): Claims {
  return typeof value === "object" && value !== null ? (value as Claims) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
