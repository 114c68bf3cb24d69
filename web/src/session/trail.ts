/** What exactly a save has made of the data, by its answer or by the audit trail. */

import type { ListedAction } from "../api/generated";
import { SECTIONS, type Section, type Stage } from "../stages/stages";
import type { JsonObject } from "./json";
import type { Sent } from "./outbox";
import type { Result } from "./saves";
import type { Answer } from "./sessionApi";

/** A stage's data with exactly this save, if the answer has it: others may have changed it since. */
export function resultInAnswer(sent: Sent, { view, isReplay }: Answer): Result | null {
  if (isReplay || view.revision > sent.revision + 1) return null;
  return { data: view.stages[sent.stage].data as JsonObject, revision: view.revision };
}

/** As `resultInAnswer`, by the audit trail; null if the trail does not have it yet. */
export function resultInTrail(sent: Sent, actions: readonly ListedAction[]): Result | null {
  const next = actions.find(({ revision, part }) => revision === sent.revision + 1 && !part);
  if (next === undefined) return null;
  // The change after it is of another person: the save itself changed nothing.
  if (next.idempotency_key !== sent.key) return { data: sent.data, revision: sent.revision };
  const data = sectionOf(next, sent.stage);
  return data === undefined ? null : { data, revision: next.revision };
}

function sectionOf({ sections }: ListedAction, stage: Stage): JsonObject | undefined {
  const found = Object.entries(SECTIONS).find(([, name]) => name === stage);
  const data = sections?.[found?.[0] as Section];
  return data === undefined || data === null ? undefined : (data as JsonObject);
}
