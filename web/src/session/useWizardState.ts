import { useEffect, useMemo, useSyncExternalStore } from "react";

import { personKey, useIdentity, usePerson } from "../identity/IdentityContext";
import { type Drafts, SECTIONS, type Section, type Stage } from "../stages/stages";
import { changesOf } from "./changes";
import type { JsonObject } from "./json";
import { sessionOf } from "./openSessions";
import { dataOf, shownData, takesChanges } from "./outbox";
import { pathOfPointer, pointerOfPath } from "./pointers";
import type { SessionStore } from "./SessionStore";
import { NOT_THE_TEXT } from "./sending";
import { place, type Snapshot } from "./snapshot";
import type { SaveState, WizardState } from "./types";
import { useIsOnline } from "./useIsOnline";

/** The state of a session, and everything that changes it. */
export function useWizardState(sessionId: string): WizardState {
  const identity = useIdentity();
  const person = personKey(usePerson());
  const open = sessionOf(person, sessionId);
  const { store } = open;
  useEffect(() => open.hold(identity), [open, identity]);
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot);
  const isOnline = useIsOnline();
  const changes = useMemo(() => changesOf(sessionId, store), [sessionId, store]);
  return {
    sessionId,
    isAuthenticated: true,
    ...shown(snapshot, isOnline),
    ...edits(store, snapshot),
    ...changes,
    updateStageData: async (section, data) => {
      store.change(stageOf(section), data as JsonObject);
      await store.flush();
    },
    transitionStage: async (_from, to) => {
      await changes.moveToStage(to);
    },
    publishEvent: () => changes.publish(),
  };
}

type Shown = Pick<
  WizardState,
  | "session"
  | "progress"
  | "loading"
  | "error"
  | "isLost"
  | "saveState"
  | "conflicts"
  | "people"
  | "isLive"
  | "unreachableSince"
  | "unsent"
>;

function shown(snapshot: Snapshot, isOnline: boolean): Shown {
  const { view, outbox, error, isLost, clashes, people, isLive, unreachableSince } = snapshot;
  return {
    session: view,
    progress: view?.completion_percentage ?? 0,
    loading: view === null && error === null,
    error,
    isLost,
    saveState: saveStateOf(snapshot, isOnline),
    unreachableSince: unreachableSince === null ? null : new Date(unreachableSince),
    unsent: outbox.entries.length,
    isLive,
    conflicts: clashes.map((clash) => ({
      clash,
      stage: clash.entry.stage,
      pointer:
        view === null ? "" : pointerOfPath(dataOf(view, clash.entry.stage), clash.entry.path),
      changedAt: new Date(clash.entry.at),
      baseRevision: clash.entry.baseRevision,
      base: clash.entry.base,
      mine: clash.entry.value,
      theirs: clash.theirs,
    })),
    people: people.map(({ user_id, name, since }) => ({
      userId: user_id,
      name: name ?? user_id,
      since: new Date(since),
    })),
  };
}

function saveStateOf(snapshot: Snapshot, isOnline: boolean): SaveState {
  const { view, outbox, clashes, error, isLost, isReachable, isStored, savedAt } = snapshot;
  if (view !== null && (isLost || !takesChanges(view))) return { kind: "closed" };
  const isUnsent = outbox.entries.length > 0 || outbox.sent !== null;
  if (!isUnsent) {
    const at = savedAt ?? view?.updated_at ?? null;
    return { kind: "saved", at: at === null ? null : new Date(at) };
  }
  const refused = outbox.entries.filter((entry) => entry.refused !== undefined);
  const isRefused = refused.length > 0 && refused.length === outbox.entries.length;
  const isHeldUp = !isOnline || !isReachable || (error !== null && NOT_THE_TEXT.has(error.status));
  if (!isStored && (isHeldUp || isRefused || clashes.length > 0)) return { kind: "unkept" };
  if (clashes.length > 0) return { kind: "choose", conflicts: clashes.length };
  if (isRefused) return { kind: "refused", count: refused.length };
  return { kind: isHeldUp ? "kept" : "saving" };
}

type Edits = Pick<
  WizardState,
  "data" | "change" | "flush" | "errors" | "wasSaved" | "isFresh" | "keyOf" | "resolve"
>;

function edits(store: SessionStore, { view, outbox, saved, fresh, aliases }: Snapshot): Edits {
  const dataAsShown = (stage: Stage) => (view === null ? {} : shownData(outbox, view, stage));

  /** Whether a place, or one in it, is marked. */
  function isMarked(marks: ReadonlySet<string>, stage: Stage, pointer: string): boolean {
    const asked = place(stage, pathOfPointer(dataAsShown(stage), pointer));
    return [...marks].some((mark) => mark === asked || mark.startsWith(`${asked}/`));
  }

  return {
    data: (stage) => dataAsShown(stage) as Drafts[typeof stage],
    change: (stage, patch) => store.change(stage, patch as JsonObject),
    flush: store.flush,
    errors: (stage) => {
      if (view === null) return [];
      const data = dataOf(view, stage);
      const unsent = outbox.entries.filter((entry) => entry.stage === stage);
      return view.stages[stage].errors.flatMap((error) => {
        const path = pathOfPointer(data, error.pointer);
        if (unsent.some((entry) => entry.path === path || path.startsWith(`${entry.path}/`)))
          return [];
        return [{ ...error, pointer: pointerOfPath(dataAsShown(stage), path) }];
      });
    },
    wasSaved: (stage, pointer) => isMarked(saved, stage, pointer),
    isFresh: (stage, pointer) => isMarked(fresh, stage, pointer),
    keyOf: (id) => aliases.get(id) ?? id,
    resolve: ({ clash }, choice) => store.resolve(clash, choice),
  };
}

function stageOf(name: Section | Stage): Stage {
  return name in SECTIONS ? SECTIONS[name as Section] : (name as Stage);
}
