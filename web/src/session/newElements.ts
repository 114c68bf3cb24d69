/** Elements that the API has not given an id yet have one of this browser. */

import { isObject, type Json, type JsonObject } from "./json";
import { type Entry, isRivalPath } from "./outbox";
import { idsOf, isOrder, type Path, partsOf, valueAt, withValue } from "./paths";

const NEW = "new-";

/** An element that the API has given an id. */
export interface Issued {
  /** The id of this browser. */
  own: string;
  id: string;
  /** The element as it was sent. */
  sent: JsonObject;
}

export function newId(): string {
  return NEW + crypto.randomUUID();
}

export function isNewId(id: unknown): id is string {
  return typeof id === "string" && id.startsWith(NEW);
}

/** Whether an entry adds an element. */
export function isNewElement({ path, value }: Entry): boolean {
  return value !== undefined && isNewId(partsOf(path).at(-1));
}

/** When a field of a new element was changed; 0 if it is as it was added. */
function timeOf({ times = {} }: Pick<Entry, "times">, path: Path): number {
  const found = Object.entries(times).filter(([other]) => isRivalPath(path, other));
  return Math.max(0, ...found.map(([, at]) => at));
}

/** Whether a field was changed later in one version of a new element than in another one. */
export function isNewerField(
  path: Path,
  entry: Pick<Entry, "times">,
  other: Pick<Entry, "times">,
): boolean {
  return timeOf(entry, path) > timeOf(other, path);
}

/** The fields of a new element that were changed later than in another version of it. */
export function newerFields(entry: Pick<Entry, "times">, other: Pick<Entry, "times">): Path[] {
  return Object.keys(entry.times ?? {}).filter((path) => isNewerField(path, entry, other));
}

/**
 * The newer one of two entries of a place. A new element is one entry, and two tabs may have changed
 * different fields of it: of each field the newer value counts.
 */
export function united(one: Entry, other: Entry): Entry {
  const [older, newer] = one.at <= other.at ? [one, other] : [other, one];
  if (!isNewElement(older) || !isNewElement(newer)) return newer;
  const paths = newerFields(older, newer);
  if (paths.length === 0) return newer;
  const { refused: _refused, isAlone: _isAlone, ...rest } = newer;
  const value = paths.reduce(
    (element, path) => withValue(element, path, valueAt(older.value, path)),
    newer.value as JsonObject,
  );
  const times = Object.fromEntries(paths.map((path) => [path, timeOf(older, path)]));
  return { ...rest, value, times: { ...newer.times, ...times } };
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

/**
 * The ids that the API gave the new elements of a save. It keeps the list as it was sent.
 *
 * @param sent the stage's data as it was sent, with the ids of this browser
 * @param result the stage's data with exactly this save
 */
export function issuedIds(sent: JsonObject, result: JsonObject): Issued[] {
  return Object.entries(sent).flatMap(([name, list]) => {
    const saved = result[name];
    if (!Array.isArray(list) || !Array.isArray(saved)) return [];
    return list.flatMap((element, index) => {
      const given = saved[index];
      if (!isObject(element) || !isNewId(element["id"]) || !isObject(given)) return [];
      return [{ own: element["id"], id: String(given["id"]), sent: element }];
    });
  });
}

/** As `issuedIds`, by name, with data that may have later changes of other people, too. */
export function issuedIdsByName(sent: JsonObject, before: JsonObject, later: JsonObject): Issued[] {
  const list = Array.isArray(sent["tiers"]) ? sent["tiers"].filter(isObject) : [];
  const known = new Set(idsOf(Array.isArray(before["tiers"]) ? before["tiers"] : []));
  const young = (Array.isArray(later["tiers"]) ? later["tiers"] : [])
    .filter(isObject)
    .filter((element) => !known.has(String(element["id"])));
  const taken = new Set<string>();
  return list.flatMap((element) => {
    if (!isNewId(element["id"])) return [];
    const found = young.find(({ id, name }) => name === element["name"] && !taken.has(String(id)));
    if (found === undefined) return [];
    taken.add(String(found["id"]));
    return [{ own: element["id"], id: String(found["id"]), sent: element }];
  });
}

/** An entry with the ids that were issued. */
export function renamed(entry: Entry, ids: ReadonlyMap<string, string>): Entry {
  if (ids.size === 0) return entry;
  const path = entry.path
    .split("/")
    .map((part) => ids.get(part) ?? part)
    .join("/");
  return { ...entry, path, value: valueWithIds(entry, ids) };
}

function valueWithIds({ path, value }: Entry, ids: ReadonlyMap<string, string>) {
  if (isOrder(path) && Array.isArray(value)) return value.map((id) => ids.get(String(id)) ?? id);
  return value === undefined ? undefined : withIssuedIds(value, ids);
}

/** An element with the id that was issued. */
export function withIssuedIds(element: Json, ids: ReadonlyMap<string, string>): Json {
  if (!isObject(element)) return element;
  const id = ids.get(String(element["id"]));
  return id === undefined ? element : { ...element, id };
}
