/** The list of what was understood: rows of fields that belong together, and open questions. */

import type { Assumption, Tier } from "../../api/generated";
import { isAbsent, isObject, type Json, type JsonObject } from "../../session/json";
import { partsOf } from "../../session/paths";
import { SECTIONS, type Stage } from "../../stages/stages";
import { inCurrency } from "../../stages/tickets/tiers";
import type { Corrections } from "./corrections";
import type { Fact, Option, Question, Understanding } from "./understanding";

/** A field of a stage with its value, or an entry that is added to a list. */
export interface RowField {
  /** The stage and the pointer; an entry of a list has its name in place of `-`. */
  key: string;
  stage: Stage;
  pointer: string;
  value: Json;
  /** The code of what was not said; null if all was said, or if the person has changed it. */
  assumed: Assumption | null;
  /** The key of the question that the value answers; null if it answers none. */
  question: string | null;
}

export interface ValueRow {
  kind: "value";
  id: string;
  fields: readonly RowField[];
  isLeftOut: boolean;
}

export interface QuestionRow {
  kind: "question";
  /** The key of the question. */
  id: string;
  question: Question;
  isLeftOut: boolean;
}

export type Row = ValueRow | QuestionRow;

/** Fields that share a row, in the order of the list. All others have a row each, and come after. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  title: ["eventSetup/title"],
  type: ["eventSetup/type"],
  date: ["eventSetup/date", "eventSetup/endDate"],
  startTime: ["eventSetup/startTime"],
  endTime: ["eventSetup/endTime"],
  doorsTime: ["venueSetup/doorsTime"],
  place: [
    "venueSetup/name",
    "venueSetup/address/line1",
    "venueSetup/address/postalCode",
    "venueSetup/address/city",
    "venueSetup/address/region",
    "venueSetup/address/country",
    "venueSetup/mode",
    "eventSetup/timezone",
  ],
  capacity: ["venueSetup/capacity"],
  ticket: [],
  organizer: ["organizerSetup/name"],
};
const ORDER = Object.keys(SHARED);

export const CURRENCY = "ticketSetup/currency";
const TIERS = "ticketSetup/tiers/";
const LISTS = [TIERS, "sponsorsMedia/sponsors/"];

export function isTicket(id: string): boolean {
  return id.startsWith(TIERS);
}

/** The rows of a list. Fields that the person has changed are there, whatever the sentence says. */
export function rowsOf(understanding: Understanding, corrections: Corrections): Row[] {
  const rows = [
    ...valueRows(fieldsOf(understanding, corrections)),
    ...understanding.questions
      .filter((question) => isAsked(question, corrections))
      .map(questionRow),
  ].map((row) => ({ ...row, isLeftOut: corrections.leftOut.includes(row.id) }));
  return rows.sort((one, other) => rankOf(one) - rankOf(other));
}

export function openQuestions(rows: readonly Row[]): readonly Question[] {
  return rows.flatMap((row) => (row.kind === "question" && !row.isLeftOut ? row.question : []));
}

/**
 * The tickets and their currency, by key, once another currency is chosen: each price keeps its
 * number. `before`: the currency of each ticket until now.
 */
export function withCurrency(
  rows: readonly Row[],
  code: string,
  before: (row: ValueRow) => string,
): (readonly [string, Json])[] {
  const tickets = rows.filter((row) => row.kind === "value").filter(({ id }) => isTicket(id));
  const changes = tickets.flatMap((row) =>
    row.fields
      .filter(({ key, value }) => key === row.id && isObject(value))
      .map(({ key, value }) => [key, value, inCurrency(value as Tier, before(row), code)] as const),
  );
  const converted = changes.filter(([, value, next]) => next !== value);
  return [...converted.map(([key, , next]) => [key, next as Json] as const), [CURRENCY, code]];
}

/** Whether a row has the answer of a question. */
export function answersQuestion(row: Row, key: string): boolean {
  return row.kind === "value" && row.fields.some(({ question }) => question === key);
}

export function keptValues(rows: readonly Row[]): readonly ValueRow[] {
  return rows.filter((row) => row.kind === "value").filter(({ isLeftOut }) => !isLeftOut);
}

export function questionKey({ code, stage, pointer }: Question): string {
  return `${code} ${stage}${pointer}`;
}

export function optionKey({ code, params }: Option): string {
  return `${code} ${JSON.stringify(params)}`;
}

/** The data that a session begins with, by section. */
export function sectionsOf(rows: readonly Row[]): JsonObject {
  const fields = new Map(
    keptValues(rows).flatMap((row) => row.fields.map((field) => [field.key, field])),
  );
  const sections: JsonObject = {};
  for (const { stage, pointer, value } of fields.values())
    if (!isAbsent(value)) put(sections, [sectionOf(stage), ...partsOf(pointer)], value);
  return sections;
}

function fieldsOf(understanding: Understanding, { answers, changes }: Corrections): RowField[] {
  const fields = new Map<string, RowField>();
  const add = (fact: Fact, question: string | null) => {
    let key = keyOf(fact);
    while (fact.pointer.endsWith("/-") && fields.has(key)) key += "’";
    fields.set(key, { key, ...partOf(fact), question });
  };
  for (const fact of understanding.facts) add(fact, null);
  for (const question of understanding.questions) {
    const key = questionKey(question);
    const option = question.options.find((one) => optionKey(one) === answers[key]);
    for (const fact of option?.facts ?? []) add(fact, key);
  }
  for (const [key, value] of Object.entries(changes)) {
    const said = fields.get(key) ?? { key, ...placeOf(key), question: null };
    fields.set(key, { ...said, value, assumed: null });
  }
  return [...fields.values()];
}

function partOf({ stage, pointer, value, assumed }: Fact) {
  return { stage, pointer, value: value as Json, assumed };
}

function keyOf({ stage, pointer, value }: Fact): string {
  const place = `${stage}${pointer}`;
  const name = isObject(value) ? value["name"] : undefined;
  return place.endsWith("/-") ? `${place.slice(0, -1)}${String(name ?? "")}` : place;
}

function placeOf(key: string): { stage: Stage; pointer: string } {
  const list = LISTS.find((prefix) => key.startsWith(prefix));
  const place = list === undefined ? key : `${list}-`;
  const at = place.indexOf("/");
  return { stage: place.slice(0, at) as Stage, pointer: place.slice(at) };
}

/** A field that the person has set is not asked about. */
function isAsked(question: Question, { answers, changes }: Corrections): boolean {
  const answer = answers[questionKey(question)];
  const isAnswered = question.options.some((option) => optionKey(option) === answer);
  return !isAnswered && !(`${question.stage}${question.pointer}` in changes);
}

function valueRows(fields: readonly RowField[]): Omit<ValueRow, "isLeftOut">[] {
  const byRow = new Map<string, RowField[]>();
  for (const field of fields) {
    const id = rowOf(field.key);
    byRow.set(id, [...(byRow.get(id) ?? []), field]);
  }
  const tickets = [...byRow.keys()].filter(isTicket);
  const currency = byRow.get(CURRENCY) ?? [];
  if (tickets.length > 0) byRow.delete(CURRENCY);
  return [...byRow].map(([id, own]) => ({
    kind: "value" as const,
    id,
    fields: isTicket(id) ? [...own, ...currency] : own,
  }));
}

function questionRow(question: Question): Omit<QuestionRow, "isLeftOut"> {
  return { kind: "question", id: questionKey(question), question };
}

/** The row that a field is in. */
function rowOf(key: string): string {
  return ORDER.find((id) => SHARED[id]?.includes(key)) ?? key;
}

function rankOf(row: Row): number {
  const id = row.kind === "value" ? row.id : rowOf(`${row.question.stage}${row.question.pointer}`);
  const rank = ORDER.indexOf(isTicket(id) || id === CURRENCY ? "ticket" : id);
  return rank < 0 ? ORDER.length : rank;
}

function sectionOf(stage: Stage): string {
  return Object.entries(SECTIONS).find(([, named]) => named === stage)?.[0] ?? stage;
}

/** Puts a value where `path` leads; `-` adds to a list. */
function put(parent: JsonObject, [name = "", ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) parent[name] = value;
  else if (rest[0] === "-") parent[name] = [...((parent[name] as Json[] | undefined) ?? []), value];
  else {
    const child = isObject(parent[name]) ? parent[name] : {};
    parent[name] = child;
    put(child, rest, value);
  }
}
