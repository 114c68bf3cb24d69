/** Fields and their values in words, for lists of changes and for choices between two values. */

import { isAbsent, isObject, type Json, type JsonObject } from "../session/json";
import { ORDER, type Path, partsOf, valueAt } from "../session/paths";
import type { Stage } from "../stages/stages";
import type { Texts } from ".";
import { longDate, money, timeOfDay, wholeNumber } from "./format";
import { displayName, numberFormat } from "./formatters";
import { cityOf, localDateTime } from "./zones";

export interface PlaceName {
  field: string;
  /** The ticket that the field is of, or the stage. */
  owner: string;
  /** The owner is an element of a list, such as a ticket. */
  isOfElement: boolean;
}

/** How a place in a stage's data is called. `data` has the names of the list's elements. */
export function placeName(
  texts: Texts,
  stage: Stage,
  path: Path,
  ...data: readonly JsonObject[]
): PlaceName {
  const parts = partsOf(path);
  const [first = "", second] = parts;
  const nameOf = (name: string) =>
    texts.fieldNames[`${stage}/${name}`] ?? texts.fieldNames[name] ?? name;
  const stageName = texts.stages.names[stage];
  if (second === ORDER)
    return { field: nameOf(`${first}/${ORDER}`), owner: stageName, isOfElement: false };
  if (first !== "tiers" || second === undefined)
    return { field: nameOf(parts.at(-1) ?? ""), owner: stageName, isOfElement: false };
  const element = data.map((one) => valueAt(one, `/tiers/${second}`)).find(isObject);
  const name = element?.["name"];
  const owner = typeof name === "string" && name !== "" ? name : texts.tickets.newTicket;
  const field = parts.length === 2 ? owner : nameOf(parts.at(-1) ?? "");
  return parts.length === 2
    ? { field, owner: stageName, isOfElement: false }
    : { field, owner, isOfElement: true };
}

const AMOUNTS = new Set(["unit_amount", "minAmount"]);
const DATES = new Set(["date", "endDate"]);
const TIMES = new Set(["startTime", "endTime", "doorsTime", "opens", "closes"]);
const MOMENTS = new Set(["saleStart", "saleEnd"]);

/** The texts of a stage's choices, by the name of the field. */
function choicesOf(texts: Texts, stage: Stage, name: string): Readonly<Record<string, string>> {
  const { event, media, myEvents, tickets, venue } = texts;
  if (name === "type") return myEvents.kinds;
  if (name === "mode") return venue.modes;
  if (name === "access") return tickets.accesses;
  if (name === "tier") return media.levels;
  if (name === "kind") return { ...tickets.kinds, ...tickets.refunds };
  if (name === "visibility" && stage === "eventSetup") return event.visibilities;
  return {};
}

/** A value in words; null if there is none. `currency` is the one that amounts are in. */
export function valueWords(
  texts: Texts,
  stage: Stage,
  path: Path,
  value: Json | undefined,
  currency: string,
): string | null {
  const name = partsOf(path).at(-1) ?? "";
  const { language, values } = texts;
  if (isAbsent(value)) return null;
  if (typeof value === "boolean") return value ? values.yes : values.no;
  if (typeof value === "number")
    return AMOUNTS.has(name)
      ? money(value, currency, language)
      : numberFormat(language, { maximumFractionDigits: 6 }).format(value);
  if (typeof value === "string") {
    if (DATES.has(name)) return longDate(value, language);
    if (TIMES.has(name)) return timeOfDay(value, language);
    if (MOMENTS.has(name)) return localDateTime(value, language);
    if (name === "timezone") return texts.understood.cityTime(cityOf(value));
    if (name === "country") return displayName(language, "region", value);
    if (name === "currency") return displayName(language, "currency", value);
    if (name === "language") return displayName(language, "language", value);
    return choicesOf(texts, stage, name)[value] ?? value;
  }
  if (Array.isArray(value)) {
    const names = value.map((element) => shortName(texts, stage, element, currency));
    return names.every((one) => one !== null) ? names.join(", ") : values.entries(value.length);
  }
  return shortName(texts, stage, value, currency);
}

/** An element of a list, or an object, by what names it. */
function shortName(texts: Texts, stage: Stage, value: Json, currency: string): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number") return wholeNumber(value, texts.language);
  if (!isObject(value)) return null;
  if (value["unit_amount"] !== undefined || value["quantity"] !== undefined) {
    return tierWords(texts, value, currency);
  }
  if (typeof value["version"] === "string") return texts.values.accepted;
  if (typeof value["date"] === "string" && typeof value["opens"] === "string") {
    const [opens, closes] = [value["opens"], String(value["closes"] ?? "")].map((time) =>
      timeOfDay(time, texts.language),
    );
    return `${longDate(value["date"], texts.language)} ${opens}–${closes}`;
  }
  for (const name of ["name", "title", "alt", "language", "url", "kind"]) {
    const named = value[name];
    if (typeof named === "string" && named !== "")
      return valueWords(texts, stage, `/${name}`, named, currency);
  }
  return texts.values.entries(Object.keys(value).length);
}

/** A ticket as "Standing, €25.00, × 140". */
function tierWords(texts: Texts, tier: JsonObject, currency: string): string {
  const { tickets, language } = texts;
  const { name, kind, unit_amount: amount, quantity } = tier;
  const parts = [
    typeof name === "string" && name !== "" ? name : tickets.newTicket,
    kind === "donation" ? tickets.donation : null,
    kind === "free" || (amount === 0 && kind !== "donation") ? tickets.free : null,
    typeof amount === "number" && amount > 0 ? money(amount, currency, language) : null,
    typeof quantity === "number" ? tickets.times(wholeNumber(quantity, language)) : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}
