import type { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { type Clash, EMPTY, type Outbox } from "./outbox";
import type { Path } from "./paths";
import type { PresenceRow } from "./stream";

/** What a page shows of a session. Each change makes a new object. */
export interface Snapshot {
  view: SessionView | null;
  outbox: Outbox;
  clashes: readonly Clash[];
  people: readonly PresenceRow[];
  /** Whether the stream is open, so that each change arrives by itself. */
  isLive: boolean;
  error: ApiProblem | null;
  /** Whether the last save could reach the API. */
  isReachable: boolean;
  /** When the API was first missed; null while it can be reached. */
  unreachableSince: number | null;
  savedAt: number | null;
  saved: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  /** The ids of this browser by those that the API gave the same elements. */
  aliases: ReadonlyMap<string, string>;
}

export const NOTHING: Snapshot = {
  view: null,
  outbox: EMPTY,
  clashes: [],
  people: [],
  isLive: false,
  error: null,
  isReachable: true,
  unreachableSince: null,
  savedAt: null,
  saved: new Set(),
  fresh: new Set(),
  aliases: new Map(),
};

/** The name of a field of a stage among all stages. */
export function place(stage: Stage, path: Path): string {
  return `${stage}${path}`;
}
