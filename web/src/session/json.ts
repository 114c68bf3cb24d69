/** A JSON value. `undefined` stands for a field that is not there. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The API keeps an empty field as an absent one, so all of these are the same. */
export function isAbsent(value: unknown): value is null | undefined | "" {
  return value === undefined || value === null || value === "";
}

/** Whether two values are the same to the API: the order of names and absent fields do not count. */
export function isSame(left: unknown, right: unknown): boolean {
  if (isAbsent(left) || isAbsent(right)) return isAbsent(left) && isAbsent(right);
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((element, index) => isSame(element, right[index]))
    );
  if (!isObject(left) || !isObject(right)) return left === right;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) =>
    isSame(left[name], right[name]),
  );
}
