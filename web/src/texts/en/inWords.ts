const WORDS = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split(" ");

/** A small count at the begin of a heading, as a word. */
export function inWords(count: number): string {
  return WORDS[count] ?? String(count);
}
