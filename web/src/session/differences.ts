import { isAbsent, isObject, isSame, type Json, type JsonObject } from "./json";
import {
  type Identified,
  idsOf,
  isIdentifiedList,
  ORDER,
  type Path,
  pathOf,
  withValue,
} from "./paths";

export interface Difference {
  path: Path;
  /** The value before; undefined if there was none. */
  from: Json | undefined;
  /** The value after; undefined if it was removed. */
  to: Json | undefined;
}

/** The smallest places in which two states of a stage's data differ. */
export function differences(before: JsonObject, after: JsonObject): Difference[] {
  return ofObjects(before, after, []);
}

function ofValues(
  from: Json | undefined,
  to: Json | undefined,
  parts: readonly string[],
): Difference[] {
  if (isSame(from, to)) return [];
  // An object that is not there has no fields yet: two people may add different ones.
  if (isObjectOrAbsent(from) && isObjectOrAbsent(to) && (isObject(from) || isObject(to)))
    return ofObjects(from || {}, to || {}, parts);
  if (
    isListOrAbsent(from) &&
    isListOrAbsent(to) &&
    (isIdentifiedList(from) || isIdentifiedList(to))
  )
    return ofLists(from || [], to || [], parts);
  return [{ path: pathOf(parts), from, to }];
}

function isObjectOrAbsent(value: Json | undefined): value is JsonObject | null | undefined | "" {
  return isAbsent(value) || isObject(value);
}

/** A list without elements has no ids that could be missing. */
function isListOrAbsent(value: Json | undefined): value is Identified[] | null | undefined | "" {
  return isAbsent(value) || (Array.isArray(value) && value.length === 0) || isIdentifiedList(value);
}

function ofObjects(from: JsonObject, to: JsonObject, parts: readonly string[]): Difference[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => ofValues(from[name], to[name], [...parts, name]));
}

function ofLists(
  from: readonly Identified[],
  to: readonly Identified[],
  parts: readonly string[],
): Difference[] {
  const [before, after] = [byId(from), byId(to)];
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const found = ids.flatMap((id) => {
    const [old, young] = [before.get(id), after.get(id)];
    const path = [...parts, id];
    return old !== undefined && young !== undefined
      ? ofObjects(old, young, path)
      : [{ path: pathOf(path), from: old, to: young }];
  });
  const holder = pathOf(["list"]);
  const unordered = found.reduce<JsonObject>(
    (data, { path, to: value }) =>
      withValue(data, holder + path.slice(pathOf(parts).length), value),
    { list: [...from] },
  );
  const [reached, wanted] = [idsOf(unordered["list"] as Json[]), idsOf(to)];
  if (isSame(reached, wanted)) return found;
  return [...found, { path: pathOf([...parts, ORDER]), from: idsOf(from), to: wanted }];
}

function byId(list: readonly Identified[]): Map<string, Identified> {
  return new Map(list.map((element) => [element.id, element]));
}
