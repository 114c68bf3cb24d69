import { Fragment } from "react";

import type { Piece } from "../texts/words";

/** A text in which the words that another one has not are marked. */
export function Words({
  pieces,
  as: Mark,
}: {
  pieces: readonly Piece[];
  as: "del" | "ins" | "mark";
}) {
  let length = 0;
  return pieces.map(({ text, differs }) => {
    const key = length;
    length += text.length;
    if (!differs) return <Fragment key={key}>{text}</Fragment>;
    const space = /^\s*/.exec(text)?.[0] ?? "";
    return (
      <Fragment key={key}>
        {space}
        <Mark>{text.slice(space.length)}</Mark>
      </Fragment>
    );
  });
}
