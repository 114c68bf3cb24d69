/**
 * Sentences for field errors, by code. A code that means several things has a key for each, such as
 * `invalid_format.date`; one field may have a sentence of its own, such as `missing /title`.
 */

import type { ErrorCode, StageErrorView } from "../api/generated";
import { money } from "./format";
import { numberFormat } from "./formatters";

export type ErrorText = Pick<StageErrorView, "code" | "params" | "message" | "pointer">;

/** What a sentence may need. */
export interface About {
  /** The field, as the form labels it. */
  field: string;
  min: string;
  max: string;
  /** The limit or the step as money, if it is one. */
  amount: string;
  /** A limit as a number, to choose between singular and plural. */
  count: number;
}

export type Sentence = string | ((about: About) => string);

/** Every code has a sentence; further keys are for its variants and for single fields. */
export type ErrorTexts = Readonly<Record<ErrorCode, Sentence>> & Readonly<Record<string, Sentence>>;

/** The parameters that distinguish the meanings of a code. */
const VARIANTS = ["expected", "format", "value", "of", "kind"] as const;

interface Language {
  texts: ErrorTexts;
  fieldNames: Readonly<Record<string, string>>;
  language: string;
}

/** The function that gives the sentence of an error; the API's own English one is the last resort. */
export function sentencesOf({ texts, fieldNames, language }: Language) {
  return (error: ErrorText): string => {
    const sentence = keysOf(error)
      .map((key) => texts[key])
      .find((found) => found !== undefined);
    if (sentence === undefined) return error.message;
    return typeof sentence === "string" ? sentence : sentence(aboutOf(error, fieldNames, language));
  };
}

/** From the most particular key to the code itself. */
function keysOf({ code, params = {}, pointer }: ErrorText): string[] {
  const variants = VARIANTS.flatMap((name) => {
    const value = params[name];
    return typeof value === "string" ? [`${code}.${value}`] : [];
  });
  return [`${code} ${pointer.replaceAll(/\/\d+(?=\/|$)/g, "/*")}`, ...variants, code];
}

function aboutOf(
  { params = {}, pointer }: ErrorText,
  fieldNames: Readonly<Record<string, string>>,
  language: string,
): About {
  const number = (value: unknown) =>
    typeof value === "number" ? numberFormat(language).format(value) : String(value ?? "");
  const { min, multiple_of: step, max, currency } = params;
  const limit = min ?? step ?? max;
  return {
    field: nameOf(pointer, fieldNames),
    min: number(min),
    max: number(max),
    amount:
      typeof currency === "string" && typeof limit === "number"
        ? money(limit, currency, language)
        : number(limit),
    count: typeof limit === "number" ? limit : 0,
  };
}

/** The name of the innermost field; entries of lists go by the list's. */
function nameOf(pointer: string, fieldNames: Readonly<Record<string, string>>): string {
  const names = pointer.split("/").filter((part) => part in fieldNames);
  const name = names.at(-1) ?? "";
  return fieldNames[name] ?? name;
}
