/** After a full stop that is not that of an abbreviation or of an ordinal number. */
const NEXT_SENTENCE = /(?<=(?:\p{L}{2}|[.,]\p{N}+|[^\p{L}\p{N}\s])\.)\s+/u;

/** The first sentence of a text, and what follows it. */
export function firstSentence(text: string): { first: string; rest: string } {
  const [first = "", ...others] = text.split(NEXT_SENTENCE);
  return { first, rest: others.join(" ") };
}
