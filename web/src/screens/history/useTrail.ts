import { useCallback, useEffect, useState } from "react";

import { ApiProblem, unwrap } from "../../api/client";
import { type ListedAction, listActions } from "../../api/generated";
import type { Page } from "../../api/usePages";

/** As many as the API gives at once. */
const PAGE = 100;
/** Milliseconds until it is read again, if the newest change is not in it yet. */
const BEHIND = 1_000;

export interface Trail {
  /** Newest first; null until they are there. */
  actions: readonly ListedAction[] | null;
  /** The session's first change is among them. */
  isWhole: boolean;
  problem: ApiProblem | null;
  readEarlier: () => void;
  reload: () => void;
}

type Read = Page<ListedAction>;

async function read(sessionId: string, cursor: string | null): Promise<Read> {
  const call = listActions({
    path: { session_id: sessionId },
    query: { limit: PAGE, cursor },
  });
  return (await unwrap(call)) as Read;
}

/** The audit trail of a session. The newest page is read again with each revision. */
export function useTrail(sessionId: string, revision: number): Trail {
  const [trail, setTrail] = useState<Read | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const [attempts, setAttempts] = useState(0);

  const load = useCallback(
    (cursor: string | null) => {
      read(sessionId, cursor).then(
        (page) => {
          setTrail((known) => merged(known, page));
          setProblem(null);
        },
        (failure: unknown) => {
          if (!(failure instanceof ApiProblem)) throw failure;
          setProblem(failure);
        },
      );
    },
    [sessionId],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is why it is read again
  useEffect(() => load(null), [load, revision, attempts]);

  // The trail is written behind the change itself.
  const newest = trail?.items[0]?.revision ?? 0;
  useEffect(() => {
    if (trail === null || newest >= revision) return;
    const timer = setTimeout(() => setAttempts((count) => count + 1), BEHIND);
    return () => clearTimeout(timer);
  }, [trail, newest, revision]);

  return {
    actions: trail?.items ?? null,
    isWhole: trail !== null && trail.next_cursor === null,
    problem,
    readEarlier: () => load(trail?.next_cursor ?? null),
    reload: () => load(null),
  };
}

/** Both pages as one. If there is a gap between them, the newer one alone. */
function merged(known: Read | null, page: Read): Read {
  const [older, newer] = inOrder(known, page);
  if (older === null) return newer;
  const ids = new Set(newer.items.map(idOf));
  const rest = older.items.filter((action) => !ids.has(idOf(action)));
  const isJoined = rest.length < older.items.length || older === page;
  if (!isJoined) return newer;
  return { items: [...newer.items, ...rest], next_cursor: older.next_cursor };
}

function inOrder(known: Read | null, page: Read): [Read | null, Read] {
  if (known === null) return [null, page];
  const [first, other] = [known.items[0], page.items[0]];
  const isOlder = first !== undefined && other !== undefined && other.revision < first.revision;
  return isOlder ? [page, known] : [known, page];
}

function idOf({ revision, part }: ListedAction): string {
  return `${revision}.${part ?? 0}`;
}
