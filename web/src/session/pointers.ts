/** Between the API's JSON pointers, with indexes, and paths, with the ids of a list's elements. */

import type { Json, JsonObject } from "./json";
import { isIdentifiedList, type Path, partsOf, pathOf, valueAt } from "./paths";

/** The path of a JSON pointer into the data. */
export function pathOfPointer(data: JsonObject, pointer: string): Path {
  let value: Json | undefined = data;
  const parts = partsOf(pointer).map((part) => {
    const element: Json | undefined = isIdentifiedList(value) ? value[Number(part)] : undefined;
    const id = (element as { id?: string } | undefined)?.id;
    const name = id ?? part;
    value = Array.isArray(value) && id === undefined ? value[Number(part)] : child(value, name);
    return name;
  });
  return pathOf(parts);
}

/** The JSON pointer of a path into the data. */
export function pointerOfPath(data: JsonObject, path: Path): string {
  let value: Json | undefined = data;
  const parts = partsOf(path).map((part) => {
    const index = isIdentifiedList(value) ? value.findIndex(({ id }) => id === part) : -1;
    value = child(value, part);
    return index < 0 ? part : String(index);
  });
  return pathOf(parts);
}

function child(value: Json | undefined, name: string): Json | undefined {
  return valueAt(value, pathOf([name]));
}
