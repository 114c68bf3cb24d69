import type { SessionView } from "../api/generated";
import { STAGES, type Stage, WEIGHTS } from "../stages/stages";

/** The progress fell, because something became invalid or was taken away. */
export interface Fall {
  /** The overall percentage before it. */
  from: number;
  /** Milliseconds since 1970. */
  at: number;
  /** The stage that lost most. */
  stage: Stage;
}

/** Milliseconds after which a fall is no longer news. */
const NEWS = 10 * 60_000;

/** The fall that is to be told after a new view; null if there is none, or if it was made up for. */
export function nextFall(
  before: SessionView,
  after: SessionView,
  fall: Fall | null,
  now: number,
): Fall | null {
  const known = fall !== null && now - fall.at < NEWS ? fall : null;
  if (after.completion_percentage < before.completion_percentage) {
    const from = Math.max(known?.from ?? 0, before.completion_percentage);
    return { from, at: now, stage: mostFallen(before, after) };
  }
  return known !== null && after.completion_percentage < known.from ? known : null;
}

function mostFallen(before: SessionView, after: SessionView): Stage {
  const loss = (stage: Stage) =>
    (before.completion_details[stage] - after.completion_details[stage]) * WEIGHTS[stage];
  return [...STAGES].sort((one, other) => loss(other) - loss(one))[0] ?? "reviewPublish";
}
