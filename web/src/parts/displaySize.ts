/** Widths of the display face's letters, in ems: what those of long words have at most. */
const LETTER = 0.31;

/**
 * A font size of the display face: `most`, or as much as lets the longest word fit into its
 * container, which has `container-type: inline-size`; never less than in lists.
 */
export function displaySize(words: string, most: string): string {
  const longest = Math.max(1, ...words.split(/[\s-]+/).map((word) => word.length));
  return `max(var(--d-30), min(${most}, ${(100 / (LETTER * longest)).toFixed(2)}cqi))`;
}
