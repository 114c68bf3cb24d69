import fc from "fast-check";
import { expect, test } from "vitest";

import { comparedWords, type Piece } from "./words";

const marked = (pieces: readonly Piece[]) =>
  pieces.map(({ text, differs }) => (differs ? `[${text.trim()}]` : text.trim())).join(" ");

test("the words that were added are marked", () => {
  const [left, right] = comparedWords("Nachtschicht, eins", "Nachtschicht, zweiter Akt eins");
  expect(marked(left)).toBe("Nachtschicht, eins");
  expect(marked(right)).toBe("Nachtschicht, [zweiter Akt] eins");
});

test("texts without a common word are marked whole", () => {
  const [left, right] = comparedWords("cold iron", "forty looks");
  expect(marked(left)).toBe("[cold iron]");
  expect(marked(right)).toBe("[forty looks]");
});

test("the pieces are the texts, and what is not marked is the same in both", () => {
  const text = fc.array(fc.constantFrom("a", "b", "cc", " ", "\n"), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [before, after] = [one.join(""), other.join("")];
      const [left, right] = comparedWords(before, after);
      const whole = (pieces: readonly Piece[]) => pieces.map((piece) => piece.text).join("");
      const words = (pieces: readonly Piece[]) =>
        whole(pieces.filter((piece) => !piece.differs))
          .split(/\s+/)
          .filter(Boolean)
          .join("");
      expect(whole(left).trim()).toBe(before.trim());
      expect(whole(right).trim()).toBe(after.trim());
      expect(words(left)).toBe(words(right));
    }),
  );
});
