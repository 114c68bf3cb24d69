import { createContext, use } from "react";

import { en } from "./en";

/** All texts of one language. English is complete; another language has the same shape. */
export type Texts = typeof en;

/** Languages with texts of their own, in the order of preference if the person's is not among them. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

const LOADERS: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  de: () => import("./de").then((module) => module.de),
};

/** The first language of the person that has texts. */
export function preferredLanguage(preferred: readonly string[] = navigator.languages): Language {
  for (const tag of preferred) {
    const language = LANGUAGES.find((known) => tag.toLowerCase().split("-")[0] === known);
    if (language !== undefined) return language;
  }
  return "en";
}

export async function loadTexts(
  language: Language,
  preferred: readonly string[] = navigator.languages,
): Promise<Texts> {
  const texts = await LOADERS[language]();
  return { ...texts, language: withRegion(language, preferred) };
}

/** The person's own tag of the language, such as `en-GB`: dates and numbers differ by region. */
function withRegion(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export const TextsContext = createContext<Texts>(en);

export function useTexts(): Texts {
  return use(TextsContext);
}
