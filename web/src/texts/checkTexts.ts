/**
 * Sentences for what the publish checks find, by code. A code that means several things has a key for
 * each reason, such as `access_incomplete.online_missing`. What repeats a field error has its sentence.
 */

import type { CheckCode, ErrorCode, FieldError } from "../api/generated";
import type { Stage } from "../stages/stages";
import type { ErrorText } from "./errorTexts";

export type CheckText = Pick<FieldError, "code" | "params" | "message" | "pointer" | "stage">;

/** What a sentence may need. */
interface AboutCheck {
  /** The stage, by its name. */
  stage: string;
  /** How many errors the stage has. */
  errors: number;
  /** The sentence of the first of them. */
  first: string;
  /** The code of the account's currency. */
  currency: string;
}

type Sentence = string | ((about: AboutCheck) => string);

/** The field error that a check repeats, if it has another code. */
const REPEATED = { event_not_in_future: "not_in_future" } as const satisfies Partial<
  Record<CheckCode, ErrorCode>
>;

type OwnCode = Exclude<CheckCode, ErrorCode | keyof typeof REPEATED>;

/** Every code has a sentence, of its own or of a field error; further keys are for reasons. */
export type CheckTexts = Readonly<Record<OwnCode, Sentence>> & Readonly<Record<string, Sentence>>;

interface Language {
  texts: CheckTexts;
  stages: Readonly<Record<Stage, string>>;
  error: (error: ErrorText) => string;
}

/** The function that gives the sentence of a check, or of an error among what blocks a publication. */
export function checkSentencesOf({ texts, stages, error }: Language) {
  return (check: CheckText): string => {
    const { code, params = {}, stage } = check;
    const sentence = texts[`${code}.${params["reason"]}`] ?? texts[code];
    if (sentence === undefined) return error({ ...check, code: repeated(code) });
    if (typeof sentence === "string") return sentence;
    return sentence({
      stage: stage ? stages[stage] : "",
      errors: Number(params["errors"] ?? 1),
      first: firstOf(params["first"], error),
      currency: String(params["currency"] ?? ""),
    });
  };
}

function repeated(code: ErrorCode | CheckCode): ErrorCode {
  return (REPEATED as Partial<Record<string, ErrorCode>>)[code] ?? (code as ErrorCode);
}

/** Of `stage_invalid`: an error without the API's own sentence. */
function firstOf(first: unknown, error: Language["error"]): string {
  return first ? error({ message: "", ...(first as Omit<ErrorText, "message">) }) : "";
}
