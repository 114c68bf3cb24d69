/** Takes back what the assistant wrote, as a change like any other. */

import { isSame, type Json, type JsonObject } from "../session/json";
import { isSameOrder } from "../session/order";
import { shownData } from "../session/outbox";
import { elementAround, isOrder, type Path, partsOf, valueAt, withValue } from "../session/paths";
import type { SessionStore } from "../session/SessionStore";
import type { Stage } from "../stages/stages";
import type { Handler, HandlerHost } from "./handlers";
import { NOTHING_TO_UNDO } from "./problems";
import type { Did, Kept, Saved } from "./types";

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
export function didOf(store: SessionStore, callId: string, saved: readonly Saved[]): Did[] {
  return saved.map((entry) => ({
    ...entry,
    callId,
    ...undoState(shownIn(store, entry.stage), entry),
  }));
}

/** Of what calls saved, oldest first: that of the last one that is not undone; else nothing. */
export function lastDone(
  store: SessionStore,
  calls: readonly (readonly Saved[])[],
): readonly Saved[] {
  const isDone = (saved: readonly Saved[]) =>
    !didOf(store, "", saved).every(({ isUndone }) => isUndone);
  return calls.findLast(isDone) ?? [];
}

/** Gives a field the value that it had, or the one that was wanted, as a change by the person. */
export function putBack(store: SessionStore, stage: Stage, path: Path, value: Json | null): void {
  store.change(stage, patchTo(shownIn(store, stage), path, value));
}

/** To take back all that the last call saved, as far as it is still there. */
export function undoHandlers({
  store,
  ledger,
  lastSaved,
}: HandlerHost): Record<"undoLast", Handler> {
  return {
    async undoLast(_args, { id }) {
      // After a reload, what this call has undone already is no longer the last one.
      const saved = ledger.entry(id).undoes ?? lastSaved();
      if (saved.length === 0) return NOTHING_TO_UNDO;
      ledger.note(id, { undoes: saved });
      const kept: Kept[] = [];
      for (const entry of saved) {
        const { stage, pointer, before } = entry;
        const shown = shownIn(store, stage);
        const { canUndo, isUndone } = undoState(shown, entry);
        if (canUndo) putBack(store, stage, pointer, before ?? null);
        else if (before === undefined) kept.push({ stage, pointer });
        else if (!isUndone)
          kept.push({ stage, pointer, wanted: before, current: valueAt(shown, pointer) ?? null });
      }
      await store.flush();
      return { revision: store.snapshot().view?.revision ?? 0, saved: [], kept };
    },
  };
}

function shownIn(store: SessionStore, stage: Stage): JsonObject {
  const { view, outbox } = store.snapshot();
  return view === null ? {} : shownData(outbox, view, stage);
}
