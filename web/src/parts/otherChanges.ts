import type { ListedAction } from "../api/generated";
import { differences } from "../session/differences";
import type { JsonObject } from "../session/json";
import type { Path } from "../session/paths";
import type { Conflict } from "../session/types";
import { type Author, authorOf, writtenTo } from "./authors";

export interface OtherChange {
  path: Path;
  author: Author;
}

/**
 * Places of the conflicts' stage that other people changed while the person typed, apart from the
 * conflicts: the person has their values already.
 *
 * @param saved the stage's newest data
 * @param me the person's own id, whose changes are left out
 */
export function otherChanges(
  conflicts: readonly Pick<Conflict, "stage" | "clash">[],
  actions: readonly ListedAction[],
  saved: JsonObject,
  me: string,
): OtherChange[] {
  const [first] = conflicts;
  if (first === undefined) return [];
  const { stage } = first;
  const taken = new Set(conflicts.map(({ clash }) => clash.entry.path));
  const baseRevision = Math.min(...conflicts.map(({ clash }) => clash.entry.baseRevision));
  const before = actions
    .filter(({ revision }) => revision <= baseRevision)
    .map((action) => writtenTo(stage, action))
    .find((data) => data !== undefined);
  if (before === undefined) return [];
  return differences(before, saved).flatMap(({ path, from, to }) => {
    const place = { path, base: from, baseRevision };
    const author = taken.has(path) ? null : authorOf(stage, place, to, actions);
    return author === null || author.userId === me ? [] : [{ path, author }];
  });
}
