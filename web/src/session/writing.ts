/** A write of the assistant that is on its way. */

import type { Stage } from "../stages/stages";
import { type Entry, isRivalPath } from "./outbox";
import type { Path } from "./paths";

export interface Writing {
  /** The id of the call, which is the key of the request. */
  key: string;
  stage: Stage;
  /** The places that it changes. */
  paths: readonly Path[];
}

/** Milliseconds after which a tab that has not heard of the outcome stops waiting for it. */
export const LONGEST_WRITING = 60_000;

/**
 * Whether the outcome of the write decides about an entry: until then, the entry is neither sent nor
 * asked about. What the person types while the assistant writes is saved over it.
 */
export function isBeingWritten(writing: Writing | null, { stage, path }: Entry): boolean {
  return (
    writing !== null &&
    writing.stage === stage &&
    writing.paths.some((written) => isRivalPath(written, path))
  );
}
