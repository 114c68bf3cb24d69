/**
 * Places in a stage's data, by name, such as `/address/city` and `/tiers/tier-2/name`.
 *
 * They are JSON pointers (RFC 6901), except that an element of a list whose elements have an `id` is
 * named by it: so a place stays the same when elements are moved, added or removed. The order of
 * such a list is a place of its own, `/tiers/#order`.
 */

import { isAbsent, isObject, type Json, type JsonObject } from "./json";

export type Path = string;

export const ORDER = "#order";

/** The lists of a stage whose elements have an `id`, which the API gives them. */
const LISTS = new Set(["tiers"]);

export function isList(name: string): boolean {
  return LISTS.has(name);
}

/** An element of a list that is compared by `id`. */
export type Identified = JsonObject & { id: string };

export function isIdentifiedList(value: unknown): value is Identified[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((element) => isObject(element) && typeof element["id"] === "string")
  );
}

export function pathOf(parts: readonly string[]): Path {
  return parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function partsOf(path: Path): string[] {
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value at a place; undefined if it is not there. */
export function valueAt(data: Json | undefined, path: Path): Json | undefined {
  return partsOf(path).reduce<Json | undefined>(childOf, data);
}

function childOf(parent: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(parent)) {
    if (name === ORDER) return idsOf(parent);
    return parent.find((element) => isObject(element) && element["id"] === name);
  }
  return isObject(parent) ? parent[name] : undefined;
}

/** The place of the list's element that a place is in; null if it is in none, or is the element. */
export function elementAround(path: Path): Path | null {
  const [list = "", id, ...rest] = partsOf(path);
  return id !== undefined && rest.length > 0 && isList(list) ? pathOf([list, id]) : null;
}

/** Whether a place is another one, or in it. */
export function isWithin(path: Path, other: Path): boolean {
  return path === other || path.startsWith(`${other}/`);
}

export function isOrder(path: Path): boolean {
  return path.endsWith(`/${ORDER}`);
}

export function idsOf(list: readonly Json[]): string[] {
  return list.flatMap((element) =>
    isObject(element) && typeof element["id"] === "string" ? [element["id"]] : [],
  );
}

/** A copy of the data with another value at a place; `undefined` removes what is there. */
export function withValue(data: JsonObject, path: Path, value: Json | undefined): JsonObject {
  return placed(data, partsOf(path), value) as JsonObject;
}

function placed(parent: Json | undefined, parts: readonly string[], value: Json | undefined): Json {
  const [name = "", ...rest] = parts;
  if (Array.isArray(parent)) return placedInList(parent, name, rest, value);
  const object = isObject(parent) ? parent : {};
  if (rest.length > 0 && isList(name) && isAbsent(object[name])) {
    const list = placedInList([], rest[0] ?? "", rest.slice(1), value);
    return list.length === 0 ? object : { ...object, [name]: list };
  }
  if (rest.length === 0) {
    if (value !== undefined) return { ...object, [name]: value };
    const { [name]: _removed, ...others } = object;
    return others;
  }
  return { ...object, [name]: placed(object[name], rest, value) };
}

function placedInList(
  list: readonly Json[],
  id: string,
  rest: readonly string[],
  value: Json | undefined,
): Json[] {
  if (id === ORDER) return ordered(list, Array.isArray(value) ? value : []);
  const isElement = (element: Json) => isObject(element) && element["id"] === id;
  if (rest.length > 0)
    // A field of a removed element is removed with it.
    return list.map((element) => (isElement(element) ? placed(element, rest, value) : element));
  if (value === undefined) return list.filter((element) => !isElement(element));
  if (!list.some(isElement)) return [...list, value];
  return list.map((element) => (isElement(element) ? value : element));
}

/** Elements in the order of ids. Those that it does not name stay behind the one that they followed. */
function ordered(list: readonly Json[], order: readonly Json[]): Json[] {
  const rank = new Map(order.map((id, index) => [id, index]));
  let last = -1;
  const ranked = list.map((element, index) => {
    const id = isObject(element) ? element["id"] : undefined;
    last = rank.get(id ?? null) ?? last;
    return { element, last, index };
  });
  return ranked
    .sort((left, right) => left.last - right.last || left.index - right.index)
    .map(({ element }) => element);
}
