import { Fragment } from "react";

import { Link } from "../../app/Link";
import { blocksOf, type Inline } from "./markdown";

interface AnswerProps {
  text: string;
  /** A link leads to a page. */
  onLeave: () => void;
  withLists?: boolean;
}

/** What the assistant says. */
export function Answer({ text, onLeave, withLists = true }: AnswerProps) {
  const blocks = blocksOf(text).filter(({ kind }) => withLists || kind !== "list");
  return (
    <div className="answer">
      {blocks.map((block, index) => {
        // Blocks are only ever added at the end.
        const key = `${block.kind} ${index}`;
        if (block.kind === "paragraph")
          return (
            <p key={key}>
              <Content of={block.content} onLeave={onLeave} />
            </p>
          );
        const items = block.items.map((item, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items are only ever added at the end
          <li key={place}>
            <Content of={item} onLeave={onLeave} />
          </li>
        ));
        return block.start === null ? (
          <ul key={key}>{items}</ul>
        ) : (
          <ol key={key} start={block.start}>
            {items}
          </ol>
        );
      })}
    </div>
  );
}

function Content({ of: content, onLeave }: { of: readonly Inline[]; onLeave: () => void }) {
  return content.map((piece, index) => {
    const key = `${index} ${piece.kind}`;
    if (piece.kind === "text") return <Fragment key={key}>{piece.text}</Fragment>;
    if (piece.kind === "bold") return <b key={key}>{piece.text}</b>;
    return piece.href.startsWith("/") ? (
      <Link key={key} href={piece.href} onClick={onLeave}>
        {piece.text}
      </Link>
    ) : (
      <a key={key} href={piece.href} target="_blank" rel="noopener">
        {piece.text}
      </a>
    );
  });
}
