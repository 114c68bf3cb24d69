/** As the API takes a title, in characters. */
const LONGEST = 150;

export function isTitle(sentence: string): boolean {
  return sentence !== "" && [...sentence].length <= LONGEST;
}
