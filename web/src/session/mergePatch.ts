import { isAbsent, isObject, isSame, type Json, type JsonObject } from "./json";

/** The smallest merge patch (RFC 7396) that turns one state of a stage's data into another. */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return Object.fromEntries(
    names
      .filter((name) => !isSame(from[name], to[name]))
      .map((name) => [name, patchOf(from[name], to[name])]),
  );
}

/** A value with a merge patch applied (RFC 7396). */
export function patched(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const before = isObject(value) ? value : {};
  const kept = Object.entries(before).filter(([name]) => patch[name] !== null);
  const changed = Object.entries(patch)
    .filter(([, inner]) => inner !== null)
    .map(([name, inner]) => [name, patched(before[name], inner)]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

function patchOf(from: Json | undefined, to: Json | undefined): Json {
  if (to === undefined || isAbsent(to)) return null;
  return isObject(from) && isObject(to) ? mergePatch(from, to) : to;
}
