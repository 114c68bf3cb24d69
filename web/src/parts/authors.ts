import { useEffect, useState } from "react";

import { ApiProblem, unwrap } from "../api/client";
import { type ListedAction, listActions } from "../api/generated";
import { differences } from "../session/differences";
import { isObject, isSame, type Json, type JsonObject } from "../session/json";
import type { Entry } from "../session/outbox";
import { valueAt } from "../session/paths";
import { useSession } from "../session/SessionContext";
import type { Conflict } from "../session/types";
import { SECTIONS, type Section, type Stage } from "../stages/stages";

export interface Author {
  userId: string | null;
  name: string | null;
  at: Date;
}

/** Changes of one session that come between a person's edit and its conflict. */
const MOST = 50;

/** The newest changes of the session, as far as the audit trail has them. */
export function useNewestActions(): readonly ListedAction[] {
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

  return actions;
}

/** Who wrote the other value of each conflict, by its pointer, if the actions have it. */
export function authorsOf(
  conflicts: readonly Conflict[],
  actions: readonly ListedAction[],
): Readonly<Record<string, Author>> {
  const found = conflicts.flatMap(({ stage, pointer, clash }) => {
    const author = authorOf(stage, clash.entry, clash.theirs, actions);
    return author === null ? [] : [[pointer, author] as const];
  });
  return Object.fromEntries(found);
}

/**
 * Who wrote the present value of a place: the first change, since the person began, after which the
 * place had what is new in it.
 */
export function authorOf(
  stage: Stage,
  { path, base, baseRevision }: Pick<Entry, "path" | "base" | "baseRevision">,
  value: Json | undefined,
  actions: readonly ListedAction[],
): Author | null {
  const isObjectStill = isObject(base) && isObject(value);
  const news = isObjectStill ? differences(base, value) : [{ path: "", to: value }];
  const hasNews = (data: JsonObject) =>
    news.every(({ path: inside, to }) => isSame(valueAt(data, path + inside), to));
  let author: Author | null = null;
  for (const action of actions) {
    if (action.revision <= baseRevision) break;
    const data = writtenTo(stage, action);
    if (data === undefined) continue;
    if (!hasNews(data)) break;
    author = {
      userId: action.actor_id,
      name: action.user_name ?? null,
      at: new Date(action.at),
    };
  }
  return author;
}

/** The stage's data after an action; undefined if it did not write them. */
export function writtenTo(stage: Stage, { sections }: ListedAction): JsonObject | undefined {
  const entry = Object.entries(sections ?? {}).find(
    ([section]) => SECTIONS[section as Section] === stage,
  );
  return entry?.[1] as JsonObject | undefined;
}

export function firstName(name: string | null): string | null {
  return name?.trim().split(/\s+/)[0] || null;
}
