/** Takes back what the assistant wrote, as a change like any other. */

import { isSame, type Json, type JsonObject } from "../session/json";
import { isSameOrder } from "../session/order";
import { elementAround, isOrder, type Path, partsOf, valueAt, withValue } from "../session/paths";
import type { Did, Saved } from "./types";

/** What is to be changed of a stage, so that a place has a value. Lists and objects are whole. */
export function patchTo(shown: JsonObject, path: Path, value: Json | null): JsonObject {
  const [name = ""] = partsOf(path);
  const changed = withValue(shown, path, value === null ? undefined : value);
  return { [name]: changed[name] ?? null };
}

/**
 * Whether a field still has what the assistant wrote, and whether it has again what was there before.
 *
 * @param shown the stage's data as the person sees it
 */
export function undoState(
  shown: JsonObject,
  { pointer, before, after }: Saved,
): Pick<Did, "canUndo" | "isUndone"> {
  const around = elementAround(pointer);
  const isThere = around === null || valueAt(shown, around) !== undefined;
  if (before === undefined || after === undefined || !isThere)
    return { canUndo: false, isUndone: false };
  const now = valueAt(shown, pointer);
  const isLike = isOrder(pointer) ? isSameOrder : isSame;
  return { canUndo: isLike(now, after), isUndone: isLike(now, before) };
}

/** The list of what a call did, as it can be undone now. */
export function didOf(
  callId: string,
  saved: readonly Saved[],
  shownOf: (stage: Saved["stage"]) => JsonObject,
): Did[] {
  return saved.map((entry) => ({
    ...entry,
    callId,
    ...undoState(shownOf(entry.stage), entry),
  }));
}
