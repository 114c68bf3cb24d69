import type { SessionView } from "../api/generated";

const KEPT = 20;

/** The newest views of a session, by revision. */
export class RecentViews {
  readonly #views = new Map<number, SessionView>();

  note(view: SessionView): void {
    this.#views.set(view.revision, view);
    const excess = [...this.#views.keys()].sort((left, right) => right - left).slice(KEPT);
    for (const revision of excess) this.#views.delete(revision);
  }

  at(revision: number): SessionView | null {
    return this.#views.get(revision) ?? null;
  }
}
