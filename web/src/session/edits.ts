/** What a person changes, as entries of the outbox. */

import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { differences } from "./differences";
import { isObject, isSame, type Json, type JsonObject } from "./json";
import { issuedBy } from "./landings";
import { newId, withIssuedIds } from "./newElements";
import { dataOf, type Entry, type Outbox, shownData } from "./outbox";
import { elementAround, isList, isWithin, type Path, valueAt, withValue } from "./paths";

/** The outbox after the person changed fields of a stage. Lists are given whole. */
export function edited(
  outbox: Outbox,
  view: SessionView,
  stage: Stage,
  patch: JsonObject,
  at: number,
): Outbox {
  const shown = shownData(outbox, view, stage);
  const found = differences(shown, { ...shown, ...withNewIds(patch, outbox) });
  let entries = outbox.entries;
  for (const { path, to } of found)
    entries = withEntry({ ...outbox, entries }, view, { stage, path, value: to, at });
  return { ...outbox, entries };
}

function withNewIds(patch: JsonObject, { landings }: Outbox): JsonObject {
  const issued = issuedBy(landings);
  const named = (element: Json) =>
    isObject(element) && typeof element["id"] !== "string"
      ? { ...element, id: newId() }
      : withIssuedIds(element, issued);
  return Object.fromEntries(
    Object.entries(patch).map(([name, value]) => [
      name,
      isList(name) && Array.isArray(value) ? value.map(named) : value,
    ]),
  );
}

type Edit = Pick<Entry, "stage" | "path" | "value" | "at">;

function withEntry(outbox: Outbox, view: SessionView, edit: Edit): readonly Entry[] {
  const { entries, sent } = outbox;
  const { stage, path } = edit;
  const data = dataOf(view, stage);
  const isHere = (entry: Entry) => entry.stage === stage && entry.path === path;
  const isAbove = (entry: Entry) => entry.stage === stage && path.startsWith(`${entry.path}/`);
  const isIn = (entry: Entry) => entry.stage === stage && isWithin(entry.path, path);

  const above = entries.find(isAbove);
  if (above !== undefined) {
    // A field of an element that is new itself.
    const rest = path.slice(above.path.length);
    const value = withValue(above.value as JsonObject, rest, edit.value);
    const times = { ...above.times, [rest]: edit.at };
    const after = { ...changed(above, value, edit.at), times };
    return entries.map((entry) => (entry === above ? after : entry));
  }
  const here = entries.find(isHere);
  const inside = entries.filter(isIn);
  const base = here === undefined ? baseOf(valueAt(data, path), path, inside) : here.base;
  const others = entries.filter((entry) => !isIn(entry));
  const isSent = sent?.entries.some(isIn) ?? false;
  if (!isSent && isSame(edit.value, base)) return others;
  const around = elementAround(path);
  const element = here?.element ?? (around === null ? undefined : valueAt(data, around));
  const revisions = inside.map((entry) => entry.baseRevision);
  const baseRevision = Math.min(...revisions, ...(here === undefined ? [view.revision] : []));
  const landedRevision = Math.max(...inside.map((entry) => entry.landedRevision ?? 0), 0);
  const entry: Entry = {
    ...edit,
    base,
    baseRevision,
    ...(landedRevision > 0 && { landedRevision }),
  };
  return [...others, isObject(element) ? { ...entry, element } : entry];
}

/** A value as the person knew it: what they typed in it hides what others have written there. */
function baseOf(value: Json | undefined, path: Path, inside: readonly Entry[]): Json | undefined {
  if (!isObject(value)) return value;
  return inside.reduce<JsonObject>(
    (base, entry) => withValue(base, entry.path.slice(path.length), entry.base),
    value,
  );
}

function changed({ refused: _refused, isAlone: _, ...entry }: Entry, value: Json, at: number) {
  return { ...entry, value, at };
}
