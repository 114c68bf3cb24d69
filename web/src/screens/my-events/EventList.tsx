import { type ReactNode, useEffect, useRef } from "react";

import type { Pages } from "../../api/usePages";
import { useTexts } from "../../texts";

interface EventListProps<Item> {
  heading: string;
  pages: Pages<Item>;
  children: (item: Item) => ReactNode;
}

/** Rows with their heading, and the way to the next page. An empty list is not shown. */
export function EventList<Item>({ heading, pages, children }: EventListProps<Item>) {
  const { myEvents } = useTexts();
  const { items, more } = pages;
  const list = useRef<HTMLUListElement>(null);
  const count = items?.length ?? 0;
  const countBefore = useRef<number | null>(null);

  useEffect(() => {
    const before = countBefore.current;
    countBefore.current = null;
    if (before === null || count <= before) return;
    // The first of the new rows: with the last page, the button that had the focus is gone.
    list.current?.children[before]?.querySelector("a")?.focus({ preventScroll: true });
  }, [count]);

  if (items === null || count === 0) return null;
  return (
    <section>
      <div className="section-heading">
        <h2 className="heading-2">{heading}</h2>
        {more === null && <span className="secondary small numeric">{count}</span>}
      </div>
      <ul className="list" ref={list}>
        {items.map(children)}
      </ul>
      {more !== null && (
        <button
          type="button"
          className="text-button mt-2"
          onClick={() => {
            countBefore.current = count;
            more();
          }}
        >
          {myEvents.showMore}
        </button>
      )}
    </section>
  );
}
