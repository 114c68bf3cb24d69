import type { JsonObject } from "../../session/json";
import { partsOf } from "../../session/paths";
import type { Stage } from "../../stages/stages";
import type { Texts } from "../../texts";
import { placeName } from "../../texts/places";
import type { Row, StageDifference } from "./trail";

/** More fields or stages than these are counted instead of named. */
const MOST_NAMES = 3;

/** What a row's change was, in a few words. */
export function rowTitle(texts: Texts, row: Row, dataNow: (stage: Stage) => JsonObject): string {
  const { history, stages } = texts;
  const told = history.actions[row.name];
  if (told !== undefined) return told;
  const { changed, stage } = row;
  if (changed !== null && changed.length > 0) return changeTitle(texts, changed, dataNow);
  if (stage === null) return history.begun;
  const name = stages.names[stage];
  if (row.name === "move_to_stage") return history.movedOn(name);
  if (row.name === "complete_stage") return history.completed(name);
  return history.saved(name);
}

function changeTitle(
  texts: Texts,
  changed: readonly StageDifference[],
  dataNow: (stage: Stage) => JsonObject,
): string {
  const { history, stages } = texts;
  const names = new Set(Object.values(texts.fieldNames));
  const named = changed.map((difference) => nameOf(texts, difference, dataNow));
  const fields = [...new Set(named.map(({ words }) => words))];
  const owners = [...new Set(named.map(({ owner }) => owner))];
  const stagesChanged = [...new Set(changed.map(({ stage }) => stages.names[stage]))];
  if (fields.length > MOST_NAMES) {
    const where = owners.length === 1 ? owners : stagesChanged;
    const place = where.length > MOST_NAMES ? history.stageCount(where.length) : where.join(", ");
    return history.fieldsOf(place, history.fieldCount(fields.length));
  }
  // Names of tickets stay as they are.
  const lowered = (field: string) => (names.has(field) ? history.withinSentence(field) : field);
  const isOfOne = owners.length === 1 && named.every(({ isOfElement }) => isOfElement);
  const list = fields
    .map((field, index) => (index === 0 && !isOfOne ? field : lowered(field)))
    .join(", ");
  return isOfOne ? history.fieldsOf(owners.join(), list) : list;
}

function nameOf(
  texts: Texts,
  difference: StageDifference,
  dataNow: (stage: Stage) => JsonObject,
): { words: string; owner: string; isOfElement: boolean } {
  const { stage, path, from, to } = difference;
  const [list, id] = partsOf(path);
  const isElement = list === "tiers" && partsOf(path).length === 2;
  const both = [to, from].filter((value) => value !== undefined);
  const data = isElement && id !== undefined ? [{ tiers: both }] : [dataNow(stage)];
  const name = placeName(texts, stage, path, ...data);
  const words =
    isElement && from === undefined
      ? texts.history.added(name.field)
      : isElement && to === undefined
        ? texts.history.removed(name.field)
        : name.field;
  return { words, owner: name.owner, isOfElement: name.isOfElement };
}
