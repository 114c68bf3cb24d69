/** Reads a sentence about an event by the API, which saves nothing. */

import { unwrap } from "../../api/client";
import {
  type UnderstoodFact as Fact,
  type UnderstoodOption as Option,
  type UnderstoodQuestion as Question,
  type UnderstoodText as Understanding,
  understandText,
} from "../../api/generated";
import { isTitle } from "./title";

export type { Fact, Option, Question, Understanding };

export interface SentenceReading {
  sentence: string;
  understanding: Understanding;
  /** The API has not read it: all of it is the title, if it can be one. */
  hasFailed: boolean;
}

export interface Reader {
  language: string;
  timezone: string;
}

/** What a sentence says. Never rejects: a sentence that cannot be read is a title. */
export async function readSentence(
  sentence: string,
  { language, timezone }: Reader,
  signal: AbortSignal,
): Promise<SentenceReading> {
  try {
    const body = { text: sentence, locale: language, timezone };
    const understanding = await unwrap(understandText({ body, signal }));
    const isEmpty = understanding.facts.length + understanding.questions.length === 0;
    return {
      sentence,
      understanding: isEmpty && isTitle(sentence) ? titleAlone(sentence) : understanding,
      hasFailed: false,
    };
  } catch {
    return { sentence, understanding: titleAlone(sentence), hasFailed: true };
  }
}

function titleAlone(sentence: string): Understanding {
  const title: Fact = {
    stage: "eventSetup",
    pointer: "/title",
    value: sentence,
    start: 0,
    end: sentence.length,
    assumed: "title_alone",
  };
  return { facts: isTitle(sentence) ? [title] : [], questions: [], unused: "" };
}
