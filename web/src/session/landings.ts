/**
 * A save that was accepted. Edits that were made while it was on its way, in this tab or in another
 * one, are based on what it was based on: they are moved onto what it has made of the data.
 */

import type { Stage } from "../stages/stages";
import { type Difference, differences } from "./differences";
import { isAbsent, isObject, isSame, type Json, type JsonObject } from "./json";
import { type Issued, isNewerField, newerFields, renamed } from "./newElements";
import { type Entry, newestOfBase } from "./outbox";
import { type Path, valueAt, withValue } from "./paths";

type Saved = Pick<Entry, "path" | "at" | "times">;

export interface Landing {
  /** The key of the save. */
  key: string;
  stage: Stage;
  /** The revision with it. */
  revision: number;
  /** What the API made of the save, in canonical form. */
  changes: readonly Difference[];
  issued: readonly Issued[];
  saved: readonly Saved[];
}

/** How many landings an outbox keeps. */
const KEPT = 8;

export function withLanding(landings: readonly Landing[], landing: Landing): readonly Landing[] {
  if (landings.some(({ key }) => key === landing.key)) return landings;
  return [...landings, landing].slice(-KEPT);
}

/** The ids of the API by those of this browser. */
export function issuedBy(landings: readonly Landing[]): ReadonlyMap<string, string> {
  return new Map(landings.flatMap(({ issued }) => issued.map(({ own, id }) => [own, id])));
}

/** What is left of an entry after a save was accepted. */
export function landed(entry: Entry, landing: Landing): Entry[] {
  if (entry.stage !== landing.stage) return [entry];
  const element = landing.issued.find(({ own }) => entry.path.split("/").includes(own));
  const now = renamed(entry, issuedBy([landing]));
  if (element === undefined && newestOfBase(entry) >= landing.revision) return [now];
  const saved = landing.saved.find(({ path }) => path === entry.path);
  if (saved !== undefined && !isNewer(entry, saved)) return [];
  if (element !== undefined && isObject(now.value) && now.path.endsWith(`/${element.id}`))
    return fieldsOf(now, now.value, element, landing).filter(
      ({ path }) => saved === undefined || !isNewerField(path.slice(now.path.length), saved, entry),
    );
  return [rebased(now, landing)];
}

/** Whether something was changed in the place since it was sent, or in another tab before. */
function isNewer(entry: Entry, saved: Saved): boolean {
  return entry.at > saved.at || newerFields(entry, saved).length > 0;
}

/** An element that has its id now: what was changed since it was sent are its fields. */
function fieldsOf(entry: Entry, value: JsonObject, { id, sent }: Issued, landing: Landing) {
  const saved = landing.changes.find(({ path }) => path === entry.path)?.to;
  const { refused: _refused, isAlone: _isAlone, times: _times, ...rest } = entry;
  return differences({ ...sent, id }, value).map(({ path, to }) => ({
    ...rest,
    ...(isObject(saved) ? { element: saved } : {}),
    path: entry.path + path,
    base: valueAt(saved, path),
    baseRevision: landing.revision,
    value: to,
  }));
}

/** The base revision stays: others may have changed what the save has not. */
function rebased(entry: Entry, { changes, revision }: Landing): Entry {
  const base = changes.reduce((value, change) => moved(value, entry.path, change), entry.base);
  return base === entry.base ? entry : { ...entry, base, landedRevision: revision };
}

/** The value of a place after a change, if it was what the change began with. */
function moved(value: Json | undefined, path: Path, change: Difference): Json | undefined {
  const { path: at, from, to } = change;
  if (at === path) return isSame(value, from) ? to : value;
  if (path.startsWith(`${at}/`)) {
    const rest = path.slice(at.length);
    return isSame(value, valueAt(from, rest)) ? valueAt(to, rest) : value;
  }
  if (!at.startsWith(`${path}/`) || !(isObject(value) || isAbsent(value))) return value;
  const rest = at.slice(path.length);
  const object = isObject(value) ? value : {};
  return isSame(valueAt(object, rest), from) ? withValue(object, rest, to) : value;
}
