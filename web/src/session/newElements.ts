/** Elements that the API has not given an id yet have one of this browser. */

import { isObject, type Json, type JsonObject } from "./json";
import type { Entry, Sent } from "./outbox";
import { ORDER } from "./paths";

const NEW = "new-";

export function newId(): string {
  return NEW + crypto.randomUUID();
}

export function isNewId(id: unknown): id is string {
  return typeof id === "string" && id.startsWith(NEW);
}

/** The data as it is sent: an element without an id gets one from the API. */
export function withoutNewIds(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(withoutNewId) : value,
    ]),
  );
}

function withoutNewId(element: Json): Json {
  if (!isObject(element) || !isNewId(element["id"])) return element;
  const { id: _id, ...rest } = element;
  return rest;
}

/** The id that the API gave each new element of a save; `data` is the stage's in the answer. */
export function issuedIds(sent: Sent, data: JsonObject): ReadonlyMap<string, string> {
  const list = Array.isArray(data["tiers"]) ? data["tiers"].filter(isObject) : [];
  const known = new Set(sent.knownIds);
  const young = list.filter((element) => !known.has(String(element["id"])));
  const issued = new Map<string, string>();
  const waiting = sent.entries.filter(({ path }) => isNewId(path.split("/").at(-1)));
  // By name first: the answer may be later than the save, with elements of other people.
  for (const isMatch of [hasSameName, () => true])
    for (const { path, value } of waiting) {
      const id = path.split("/").at(-1) ?? "";
      if (issued.has(id) || value === undefined) continue;
      const taken = new Set(issued.values());
      const found = young.find(
        (element) => !taken.has(String(element["id"])) && isMatch(element, value),
      );
      if (found !== undefined) issued.set(id, String(found["id"]));
    }
  return issued;
}

function hasSameName(element: JsonObject, value: Json): boolean {
  return isObject(value) && element["name"] === value["name"];
}

/** An entry with the ids that were issued. */
export function renamed(entry: Entry, ids: ReadonlyMap<string, string>): Entry {
  const parts = entry.path.split("/").map((part) => ids.get(part) ?? part);
  return { ...entry, path: parts.join("/"), value: withIds(entry, ids) };
}

function withIds({ path, value }: Entry, ids: ReadonlyMap<string, string>): Json | undefined {
  if (path.endsWith(`/${ORDER}`) && Array.isArray(value))
    return value.map((id) => ids.get(String(id)) ?? id);
  if (!isObject(value)) return value;
  const id = ids.get(String(value["id"]));
  return id === undefined ? value : { ...value, id };
}
