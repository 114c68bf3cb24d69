/** The order of a list whose elements have an `id`, as a list of ids. */

import { isSame, type Json } from "./json";

export function idsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

/** Elements that were added or removed do not change the order of the others. */
export function isSameOrder(left: Json | undefined, right: Json | undefined): boolean {
  const [before, after] = [idsIn(left), idsIn(right)];
  return isSame(
    before.filter((id) => after.includes(id)),
    after.filter((id) => before.includes(id)),
  );
}

/**
 * The order that a person wants, of the elements that there are now. If they have only added
 * elements, each one comes behind the one that it was put behind, however others are moved.
 */
export function wantedOrder(
  { base, value }: { base: Json | undefined; value: Json | undefined },
  now: readonly string[],
): string[] {
  const [before, wanted] = [idsIn(base), idsIn(value)];
  if (!isSameOrder(before, wanted)) return wanted;
  const isAdded = (id: string) => !before.includes(id);
  const result = now.filter((id) => !isAdded(id) || !wanted.includes(id));
  wanted.forEach((id, index) => {
    if (!isAdded(id) || !now.includes(id)) return;
    const behind = wanted.slice(0, index).findLast((other) => result.includes(other));
    result.splice(behind === undefined ? 0 : result.indexOf(behind) + 1, 0, id);
  });
  return result;
}
