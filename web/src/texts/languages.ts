import type { Option } from "../fields/ChoiceField";
import { displayName } from "./formatters";

/** Languages that an event is likely to be in; any other tag stays as it is. */
const TAGS = [
  ..."ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv".split(
    " ",
  ),
  ..."ms mt nb nl pl pt pt-BR ro ru sk sl sq sr sv sw ta th tr uk ur vi zh zh-Hant".split(" "),
];

/** Languages by their names in the person's language, in its order. */
export function languageOptions(language: string, chosen?: string | null): readonly Choice[] {
  const tags = chosen && !TAGS.includes(chosen) ? [...TAGS, chosen] : TAGS;
  return named("language", language, tags);
}

/** The name of a language in the person's language. */
export function languageName(tag: string, language: string): string {
  return displayName(language, "language", tag);
}

/** Countries by their names in the person's language, in its order. */
export function countryOptions(language: string, codes: readonly string[]): readonly Choice[] {
  return named("region", language, codes);
}

type Choice = Option<string>;

/** Naming and sorting takes milliseconds, and fields ask with each keystroke. */
const known = new Map<string, readonly Choice[]>();

function named(
  type: "language" | "region",
  language: string,
  codes: readonly string[],
): readonly Choice[] {
  const key = [type, language, ...codes].join(" ");
  const options = known.get(key) ?? inOrder(type, language, codes);
  known.set(key, options);
  return options;
}

function inOrder(
  type: "language" | "region",
  language: string,
  codes: readonly string[],
): readonly Choice[] {
  const order = new Intl.Collator(language);
  return codes
    .map((value) => ({ value, label: displayName(language, type, value) }))
    .sort((left, right) => order.compare(left.label, right.label));
}
