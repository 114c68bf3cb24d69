const WORDS = "Kein Ein Zwei Drei Vier Fünf Sechs Sieben Acht Neun Zehn Elf Zwölf".split(" ");

/** A small count at the beginning of a heading, as a word. */
export function inWords(count: number): string {
  return WORDS[count] ?? String(count);
}
