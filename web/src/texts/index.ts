import { createContext, use } from "react";

import { loaded } from "../app/loading";
import type { assistant } from "./en/assistant";
import { first } from "./en/first";
import type { session } from "./en/session";

/** Texts of one language come in parts. English is complete; another language has its shape. */
export type FirstTexts = typeof first;
export type SessionTexts = typeof session;
export type AssistantTexts = typeof assistant;
export type Texts = FirstTexts & SessionTexts & { assistant: AssistantTexts };

/** Languages with texts of their own, in the order of preference if the person's is not among them. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

const FIRST: Readonly<Record<Language, () => Promise<FirstTexts>>> = {
  en: () => Promise.resolve(first),
  de: () => import("./de/first").then((module) => module.first),
};

const SESSION: Readonly<Record<Language, () => Promise<SessionTexts>>> = {
  en: () => import("./en/session").then((module) => module.session),
  de: () => import("./de/session").then((module) => module.session),
};

/** The first language of the person that has texts. */
export function preferredLanguage(preferred: readonly string[] = navigator.languages): Language {
  for (const tag of preferred) {
    const language = LANGUAGES.find((known) => tag.toLowerCase().split("-")[0] === known);
    if (language !== undefined) return language;
  }
  return "en";
}

/** The person's own tag of the language of the texts, such as `en-GB`. */
export function preferredTag(): string {
  return withRegion(preferredLanguage(), navigator.languages);
}

/**
 * The texts of the first pages. Those of a session's pages are added by `SessionTextsProvider`, and
 * those of the assistant by `AssistantTextsProvider`.
 */
export async function loadTexts(
  language: Language,
  preferred: readonly string[] = navigator.languages,
): Promise<Texts> {
  const texts = await FIRST[language]();
  return { ...texts, language: withRegion(language, preferred) } as Texts;
}

/**
 * The same promise each time, as `use` needs it. It rejects with a `LoadFailure`. `now` is what it has
 * brought already.
 */
function loadedOnce<Half>(loads: Readonly<Record<Language, () => Promise<Half>>>) {
  const loading = new Map<Language, Promise<Half>>();
  const there = new Map<Language, Half>();
  async function begin(language: Language): Promise<Half> {
    const half = await loaded(loads[language]);
    there.set(language, half);
    return half;
  }
  function load(language = preferredLanguage()): Promise<Half> {
    const known = loading.get(language) ?? begin(language);
    loading.set(language, known);
    return known;
  }
  return Object.assign(load, { now: (language = preferredLanguage()) => there.get(language) });
}

export const loadSessionTexts = loadedOnce(SESSION);

export const loadAssistantTexts = loadedOnce<AssistantTexts>({
  en: () => import("./en/assistant").then((module) => module.assistant),
  de: () => import("./de/assistant").then((module) => module.assistant),
});

/** Of the texts of a session, the sentences of field errors: my events needs them for some drafts. */
export const loadErrorTexts = loadedOnce<SessionTexts["error"]>({
  en: () => import("./en/errors").then((module) => module.error),
  de: () => import("./de/errors").then((module) => module.error),
});

/** The person's own tag of the language, such as `en-GB`: dates and numbers differ by region. */
function withRegion(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export const TextsContext = createContext<Texts>(first as Texts);

export function useTexts(): Texts {
  return use(TextsContext);
}
