import { useEffect, useState } from "react";

import { ApiProblem, unwrap } from "../api/client";
import { type ListedAction, listActions } from "../api/generated";
import { isSame, type JsonObject } from "../session/json";
import { valueAt } from "../session/paths";
import { useSession } from "../session/SessionContext";
import type { Conflict } from "../session/types";
import { SECTIONS, type Section } from "../stages/stages";

export interface Author {
  userId: string | null;
  name: string | null;
  at: Date;
}

/** Changes of one session that come between a person's edit and its conflict. */
const MOST = 50;

/** Who wrote the other value of each conflict, by its pointer, as soon as the audit trail tells. */
export function useAuthors(conflicts: readonly Conflict[]): Readonly<Record<string, Author>> {
  const { sessionId, session } = useSession();
  const [actions, setActions] = useState<readonly ListedAction[]>([]);
  const revision = session?.revision;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each revision may bring another value
  useEffect(() => {
    let isNewest = true;
    const path = { session_id: sessionId };
    const call = listActions({ path, query: { limit: MOST } });
    unwrap(call).then(
      ({ items }) => isNewest && setActions(items as ListedAction[]),
      (failure: unknown) => {
        // The choice can be made without it.
        if (!(failure instanceof ApiProblem)) throw failure;
      },
    );
    return () => {
      isNewest = false;
    };
  }, [sessionId, revision]);

  const found = conflicts.flatMap((conflict) => {
    const author = authorOf(conflict, actions);
    return author === null ? [] : [[conflict.pointer, author] as const];
  });
  return Object.fromEntries(found);
}

/** The first change, since the person began, after which the place had the value that it has now. */
export function authorOf(
  { stage, clash }: Pick<Conflict, "stage" | "clash">,
  actions: readonly ListedAction[],
): Author | null {
  let author: Author | null = null;
  for (const action of actions) {
    if (action.revision <= clash.entry.baseRevision) break;
    const data = writtenTo(stage, action);
    if (data === undefined) continue;
    if (!isSame(valueAt(data, clash.entry.path), clash.theirs)) break;
    author = {
      userId: action.actor_id,
      name: action.user_name ?? null,
      at: new Date(action.at),
    };
  }
  return author;
}

function writtenTo(stage: string, { sections }: ListedAction): JsonObject | undefined {
  const entry = Object.entries(sections ?? {}).find(
    ([section]) => SECTIONS[section as Section] === stage,
  );
  return entry?.[1] as JsonObject | undefined;
}
