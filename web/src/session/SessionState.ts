import type { SessionView } from "../api/generated";
import type { Stage } from "../stages/stages";
import { withChanges, withView } from "./acknowledged";
import { differences } from "./differences";
import { isSame } from "./json";
import { isNewElement } from "./newElements";
import { dataOf, EMPTY, type Entry, type Outbox } from "./outbox";
import {
  changesBetween,
  Gone,
  isNothing,
  NO_CHANGES,
  type OutboxChanges,
  withTakenBack,
} from "./outboxChanges";
import type { OutboxStorage } from "./outboxStorage";
import { RecentViews } from "./recentViews";
import { place, Shown, type Snapshot } from "./snapshot";

/** Milliseconds that a field of another person is washed. */
const FRESH_FOR = 8_000;

/** Changes of the outbox, and the view if it is another one. */
export interface StateChanges {
  changes: OutboxChanges;
  view: SessionView | null;
}

/** What a tab knows of a session: it is shown, kept on this device, and told to the other tabs. */
export class SessionState {
  readonly shown = new Shown();
  readonly recent = new RecentViews();
  readonly #gone = new Gone();
  #early: SessionView | null = null;

  constructor(
    private readonly storage: OutboxStorage,
    private readonly tell: (changes: StateChanges) => void,
  ) {}

  get now(): Snapshot {
    return this.shown.now;
  }

  /**
   * All of it, for a tab that has opened. Also that no save is on its way: the tab may have read from
   * the device one that has ended meanwhile.
   */
  get whole(): StateChanges {
    const { outbox, view } = this.now;
    return { changes: { ...changesBetween(EMPTY, outbox), sent: outbox.sent }, view };
  }

  /** What a tab has found on this device as it opened: a page that ended may not have told it. */
  get found(): StateChanges {
    const { entries, sent } = this.now.outbox;
    const changes = { ...NO_CHANGES, set: entries, ...(sent === null ? {} : { sent }) };
    return { changes, view: null };
  }

  /**
   * Shows, stores and tells what has changed. Resolves once it is stored, or cannot be.
   *
   * @param changedAt when the person made the change, if another tab may be sending at this moment
   */
  async keep(outbox: Outbox, view?: SessionView, changedAt?: number): Promise<void> {
    const before = this.now;
    this.#take(outbox, view ?? null);
    const after = this.now;
    const found = changesBetween(before.outbox, after.outbox);
    const isNew = after.view?.revision !== before.view?.revision;
    if (isNothing(found) && !isNew) return;
    this.#gone.note(found.dropped, changedAt);
    const changes =
      changedAt === undefined || after.view === null
        ? found
        : withTakenBack(found, after.outbox, after.view, changedAt);
    this.tell({ changes, view: isNew ? after.view : null });
    await Promise.all([
      isNothing(changes) ? null : this.#store(changes),
      // A view that is not stored is read again.
      isNew && after.view !== null
        ? this.storage.writeView(after.view).catch(() => undefined)
        : null,
    ]);
  }

  /**
   * As `keep`, as the page is left. Its save is stored once more: another tab that is left as soon
   * hears neither this one nor the database, and finds the save in the journal.
   */
  keepLast(outbox: Outbox): void {
    void this.keep(outbox);
    void this.#store({ ...NO_CHANGES, sent: outbox.sent });
  }

  /** What another tab has told. A save on its way from here is not replaced by one of that tab. */
  hear({ changes: heard, view }: StateChanges, leads: boolean): void {
    const { outbox } = this.now;
    const { sent, ...rest } = this.#gone.without(heard);
    if (leads) this.#sayGone(heard.set.filter((entry) => !rest.set.includes(entry)));
    const isOurs = sent === undefined || (leads && outbox.sent !== null);
    this.#gone.note(rest.dropped);
    this.#take(withChanges(outbox, isOurs ? rest : { ...rest, sent }), view);
  }

  /**
   * What another tab has found on this device as it opened. Its text may follow a save whose outcome
   * is not known, which counts if this tab knows of none. The tab that leads knows what is on its way.
   */
  hearFound(found: StateChanges, leads: boolean): void {
    const { sent: _sent, ...text } = found.changes;
    const knowsSave = leads || this.now.outbox.sent !== null;
    this.hear(knowsSave ? { ...found, changes: text } : found, leads);
  }

  /** Adds what this device has, of other tabs and of pages before. */
  async restore(): Promise<void> {
    const stored = await this.storage.read().catch(() => ({ view: null, outbox: EMPTY }));
    const own = this.now.outbox;
    const { set, landings } = changesBetween(EMPTY, stored.outbox);
    const merged = withChanges(own, this.#gone.without({ set, dropped: [], landings }));
    const sent = stored.outbox.sent ?? own.sent;
    const isKnown = merged.landings.some(({ key }) => key === sent?.key);
    const outbox = { ...merged, sent: isKnown ? null : sent };
    if (!isSame(outbox, own)) this.shown.set({ outbox });
    if (stored.view !== null) void this.keep(this.now.outbox, stored.view);
  }

  /** Adds what a page that was left a moment ago has in the journal, such as its save. */
  restoreAtOnce(): void {
    for (const changes of this.storage.readAtOnce()) {
      const { outbox } = this.now;
      const sent = changes.sent ?? outbox.sent;
      this.#take(withChanges(outbox, { ...this.#gone.without(changes), sent }), null);
    }
  }

  /** Keeps what is not stored yet without waiting for the database. */
  storeAtOnce(): void {
    try {
      this.storage.writeAtOnce();
    } catch {
      this.#isStored(false);
    }
  }

  /** A tab that has just opened may have read what was about to be dropped. */
  #sayGone(dropped: readonly Entry[]): void {
    if (dropped.length === 0) return;
    const changes = { ...NO_CHANGES, dropped };
    this.tell({ changes, view: null });
    void this.#store(changes);
  }

  async #store(changes: OutboxChanges): Promise<void> {
    try {
      await this.storage.write(changes);
      this.#isStored(true);
    } catch {
      this.#isStored(false);
    }
  }

  #isStored(isStored: boolean): void {
    if (isStored !== this.now.isStored) this.shown.set({ isStored });
  }

  #take(outbox: Outbox, brought: SessionView | null): void {
    const before = this.now.view;
    if (brought !== null) this.recent.note(brought);
    const view = this.#shownNow(outbox, brought);
    const isOld = view === null || (before !== null && view.revision < before.revision);
    const now = isOld || isSame(view, before) ? before : view;
    const kept = now === null ? outbox : withView(outbox, now, before);
    const fresh = before === null || isOld ? [] : changedByOthers(before, view, this.now.outbox);
    const isNewer = !isOld && before !== null && view.revision > before.revision;
    this.shown.set({
      outbox: kept,
      view: now,
      ...(isOld ? {} : { error: null }),
      // A session that changes is there.
      ...(isNewer ? { isLost: false } : {}),
    });
    this.shown.mark("fresh", fresh, FRESH_FOR);
  }

  /**
   * A view may have elements of a save whose outcome is not known yet. Each of them would be shown
   * twice: as it was typed, and with its new id. So such a view waits for the outcome.
   */
  #shownNow({ sent }: Outbox, brought: SessionView | null): SessionView | null {
    const early = this.#early;
    const isNewer = early !== null && early.revision > (brought?.revision ?? 0);
    const view = isNewer ? early : brought;
    const isEarly =
      sent?.entries.some(isNewElement) && view !== null && view.revision > sent.revision;
    this.#early = isEarly ? view : null;
    return isEarly ? null : view;
  }
}

function changedByOthers(before: SessionView, after: SessionView, outbox: Outbox): string[] {
  if (before.revision === after.revision) return [];
  const own = new Set(
    [...outbox.entries, ...(outbox.sent?.entries ?? [])].map(({ stage, path }) =>
      place(stage, path),
    ),
  );
  const stages = Object.keys(after.stages) as Stage[];
  return stages
    .flatMap((stage) =>
      differences(dataOf(before, stage), dataOf(after, stage)).map(({ path }) =>
        place(stage, path),
      ),
    )
    .filter((changed) => !own.has(changed));
}
