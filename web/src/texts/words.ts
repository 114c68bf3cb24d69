/** Which words of two texts differ. */

export interface Piece {
  text: string;
  /** It is in this text only. */
  differs: boolean;
}

/** Longer texts are compared as a whole: the table grows with the square of their length. */
const MOST_WORDS = 600;

/** Both texts in pieces, of which those that differ are marked. */
export function comparedWords(left: string, right: string): [Piece[], Piece[]] {
  const [before, after] = [wordsOf(left), wordsOf(right)];
  if (before.length > MOST_WORDS || after.length > MOST_WORDS)
    return [[{ text: left, differs: true }], [{ text: right, differs: true }]];
  const common = longestCommon(before, after);
  return [
    pieces(before, new Set(common.map(([index]) => index))),
    pieces(after, new Set(common.map(([, index]) => index))),
  ];
}

/** Words with the space behind them. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? (text === "" ? [] : [text]);
}

/** The pairs of indexes of a longest common subsequence. */
function longestCommon(left: readonly string[], right: readonly string[]): [number, number][] {
  const [before, after] = [left.map(bare), right.map(bare)];
  const lengths: number[][] = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const line = lengths[row];
      if (line === undefined) continue;
      line[column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  const pairs: [number, number][] = [];
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (before[row] === after[column]) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

function bare(word: string): string {
  return word.trim();
}

function pieces(words: readonly string[], common: ReadonlySet<number>): Piece[] {
  const found: Piece[] = [];
  for (const [index, word] of words.entries()) {
    const differs = !common.has(index);
    const last = found.at(-1);
    if (last?.differs === differs) last.text += word;
    else found.push({ text: word, differs });
  }
  return found;
}
