/** Rows of what was understood, in words. */

import type { OpeningHours } from "../../api/generated";
import { isAbsent, isObject, type Json } from "../../session/json";
import type { Stage } from "../../stages/stages";
import type { Texts } from "../../texts";
import { dateRange, longDate, timeOfDay, wholeNumber } from "../../texts/format";
import { placeName, valueWords } from "../../texts/places";
import { cityOf } from "../../texts/zones";
import { CURRENCY, isTicket, type Row, type RowField, type ValueRow } from "./rows";
import type { Option, Question } from "./understanding";

/** In milliseconds. */
const DAY = 86_400_000;
const TIMES = new Set(["/startTime", "/endTime", "/doorsTime"]);
const ZONE = "eventSetup/timezone";
const MODE = "venueSetup/mode";

/** What a row is called. */
export function rowLabel(texts: Texts, row: Row): string {
  if (row.kind === "question") return questionLabel(texts, row.question);
  const { understood, stages } = texts;
  if (isTicket(row.id)) return understood.ticket;
  const [first] = row.fields;
  if (row.id === "place" && row.fields.some(({ key }) => key !== ZONE)) return understood.place;
  if (row.id === "organizer") return stages.names.organizerSetup;
  return first === undefined ? "" : fieldLabel(texts, first.stage, first.pointer);
}

function questionLabel(texts: Texts, { code, stage, pointer }: Question): string {
  const { understood } = texts;
  if (code === "what_number") return understood.number;
  if (code === "which_url") return texts.fieldNames["url"] ?? "";
  return pointer.startsWith("/address/") ? understood.place : fieldLabel(texts, stage, pointer);
}

function fieldLabel(texts: Texts, stage: Stage, pointer: string): string {
  const { understood } = texts;
  const short: Readonly<Record<string, string>> = {
    "/type": understood.kind,
    "/doorsTime": understood.doors,
    "/sponsors/-": understood.sponsor,
  };
  return short[pointer] ?? placeName(texts, stage, pointer).field;
}

export interface RowWords {
  /** Null if the person has emptied all fields of the row. */
  main: string | null;
  /** What is said in passing, such as the time zone of a place. */
  beside: readonly string[];
}

/** The values of a row. `defaultCurrency` is that of an event that names none. */
export function rowWords(texts: Texts, row: ValueRow, defaultCurrency: string): RowWords {
  if (row.id === "place") return placeWords(texts, row);
  const [first] = row.fields;
  if (row.id === "date") return { main: dateWords(texts, row), beside: [] };
  if (first === undefined) return { main: null, beside: [] };
  return { main: fieldWords(texts, first, currencyOf(row, defaultCurrency)), beside: [] };
}

/** The currency of a ticket's price. */
export function currencyOf(row: ValueRow, defaultCurrency: string): string {
  return textOf(row, CURRENCY) ?? defaultCurrency;
}

/** The text of a field; null if it has none. */
export function textOf(row: ValueRow, key: string): string | null {
  const value = row.fields.find((field) => field.key === key)?.value;
  return typeof value === "string" && value !== "" ? value : null;
}

function placeWords(texts: Texts, row: ValueRow): RowWords {
  const { understood, venue } = texts;
  const country = row.fields.find(({ pointer }) => pointer === "/address/country");
  const address = [
    textOf(row, "venueSetup/name"),
    textOf(row, "venueSetup/address/line1"),
    textOf(row, "venueSetup/address/postalCode"),
    textOf(row, "venueSetup/address/city"),
    textOf(row, "venueSetup/address/region"),
    country === undefined ? null : fieldWords(texts, country, ""),
  ].filter((part) => part !== null);
  const mode = textOf(row, MODE);
  const modes: Readonly<Record<string, string>> = venue.modes;
  const how = mode === null ? [] : [modes[mode] ?? mode];
  const zone = textOf(row, ZONE);
  const time = zone === null ? [] : [understood.cityTime(cityOf(zone))];
  if (address.length > 0)
    return { main: address.join(", "), beside: [...(mode === "physical" ? [] : how), ...time] };
  const [main = null, ...beside] = [...how, ...time];
  return { main, beside };
}

function dateWords({ language }: Texts, row: ValueRow): string | null {
  const first = textOf(row, "eventSetup/date");
  const last = textOf(row, "eventSetup/endDate");
  if (first === null) return last === null ? null : longDate(last, language);
  return last === null ? longDate(first, language) : dateRange(first, last, language);
}

function fieldWords(texts: Texts, field: RowField, currency: string): string | null {
  const { language, understood } = texts;
  const { stage, pointer, value } = field;
  if (isAbsent(value)) return null;
  if (TIMES.has(pointer) && typeof value === "string") return timeOfDay(value, language);
  if (pointer === "/capacity" && typeof value === "number")
    return understood.people(wholeNumber(value, language));
  if (pointer === "/refundPolicy" && isObject(value) && typeof value["days"] === "number")
    return understood.daysBefore(wholeNumber(value["days"], language));
  if (pointer === "/openingHours") {
    const daily = dailyHours(value as OpeningHours[], language);
    if (daily !== null) return daily;
  }
  return valueWords(texts, stage, pointer, value, currency);
}

/** The hours of consecutive days, if each has the same; null otherwise. */
function dailyHours(days: readonly OpeningHours[], language: string): string | null {
  const [first] = days;
  const [start = "", end = ""] = [first?.date, days.at(-1)?.date].map(String);
  const isDaily = days.every(
    ({ date, opens, closes }, index) =>
      opens === first?.opens &&
      closes === first?.closes &&
      Date.parse(String(date)) === Date.parse(start) + index * DAY,
  );
  if (!isDaily || !first?.opens || !first.closes) return null;
  const hours = [first.opens, first.closes].map((time) => timeOfDay(time, language)).join("–");
  return `${dateRange(start, end, language)}, ${hours}`;
}

type AssumptionWord = keyof Texts["understood"]["assumptions"];

/** What was assumed in a row, in words; none if all was said. */
export function rowAssumptions(texts: Texts, row: ValueRow): readonly string[] {
  const { assumptions } = texts.understood;
  const codes: AssumptionWord[] = row.fields.flatMap((field) => assumptionOf(field) ?? []);
  const isPriced = row.fields.some(({ value }) => isObject(value) && Boolean(value["unit_amount"]));
  if (isTicket(row.id) && isPriced && textOf(row, CURRENCY) === null) codes.push("currency");
  return [...new Set(codes.map((code) => assumptions[code]))];
}

function assumptionOf({ assumed, value }: RowField): AssumptionWord | null {
  if (assumed !== "year") return assumed;
  return String(value).startsWith(String(new Date().getFullYear())) ? "this_year" : "next_year";
}

/** A question about words of the sentence. */
export function questionWords({ understood }: Texts, question: Question, sentence: string): string {
  return understood.questions[question.code](sentence.slice(question.start, question.end).trim());
}

/** The options of a question. Two that would read the same are in the API's words. */
export function optionsInWords(texts: Texts, { options }: Question): readonly string[] {
  const words = options.map((option) => optionWords(texts, option));
  return options.map((option, index) => {
    const own = words[index] ?? "";
    return words.indexOf(own) === words.lastIndexOf(own) ? own : option.text;
  });
}

function optionWords(texts: Texts, option: Option): string {
  const { language, myEvents, understood } = texts;
  const { code, params } = option;
  const text = (name: string) => String(params[name] ?? "");
  const value = (stage: Stage, pointer: string, named: Json) =>
    valueWords(texts, stage, pointer, named, "") ?? "";
  switch (code) {
    case "morning":
    case "evening":
      return timeOfDay(text("time"), language);
    case "date":
      return longDate(text("date"), language);
    case "city": {
      const country = value("venueSetup", "/address/country", text("country"));
      // Many countries number their regions.
      const region = text("region").replace(/^\d+$/, "");
      return [text("city"), region, country].filter((part) => part !== "").join(", ");
    }
    case "fashion_show":
    case "popup":
    case "exhibition":
    case "launch":
      return myEvents.kinds[code];
    case "currency":
      return value("ticketSetup", "/currency", text("currency"));
    case "price":
      return understood.price(wholeNumber(Number(params["number"]), language));
    case "capacity":
      return understood.people(wholeNumber(Number(params["number"]), language));
    default:
      return understood.options[code];
  }
}
