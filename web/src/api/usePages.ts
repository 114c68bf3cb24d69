import { useCallback, useEffect, useRef, useState } from "react";

import { ApiProblem } from "./client";

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Pages<Item> {
  /** Null until the first page is there. */
  items: readonly Item[] | null;
  problem: ApiProblem | null;
  /** Adds the next page; null on the last one. */
  more: (() => void) | null;
  /** Begins again with the first page. */
  reload: () => void;
  /** Takes out an item that the API no longer has. */
  remove: (item: Item) => void;
}

/** A list of the API, page after page. `read` must be the same function in each render. */
export function usePages<Item>(read: (cursor: string | null) => Promise<Page<Item>>): Pages<Item> {
  const [pages, setPages] = useState<{ items: Item[]; cursor: string | null } | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const newest = useRef(0);

  const load = useCallback(
    (before: readonly Item[], cursor: string | null) => {
      // The answer to an earlier request is no longer needed, for example after a double click.
      newest.current += 1;
      const own = newest.current;
      read(cursor).then(
        (page) => {
          if (own !== newest.current) return;
          setPages({ items: [...before, ...page.items], cursor: page.next_cursor });
          setProblem(null);
        },
        (failure: unknown) => {
          if (!(failure instanceof ApiProblem)) throw failure;
          if (own === newest.current) setProblem(failure);
        },
      );
    },
    [read],
  );
  const reload = useCallback(() => load([], null), [load]);
  useEffect(reload, [reload]);

  const cursor = pages?.cursor ?? null;
  return {
    items: pages?.items ?? null,
    problem,
    more: cursor === null ? null : () => load(pages?.items ?? [], cursor),
    reload,
    remove: (item) =>
      setPages((shown) => shown && { ...shown, items: shown.items.filter((one) => one !== item) }),
  };
}
