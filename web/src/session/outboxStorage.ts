import type { SessionView } from "../api/generated";
import { withChanges } from "./acknowledged";
import { type Journal, outboxJournal } from "./journal";
import { EMPTY, type Outbox } from "./outbox";
import { isNothing, joined, NO_CHANGES, type OutboxChanges } from "./outboxChanges";
import { type OutboxDatabase, outboxDatabase } from "./outboxDatabase";

/** Milliseconds after which a database that does not answer counts as one that fails. */
const PATIENCE = 2_000;

/**
 * Keeps a person's unsent edits of a session, and the last view, on this device: in the database,
 * and what the database does not have yet, or refuses, in the journal.
 */
export class OutboxStorage {
  #waiting: OutboxChanges = NO_CHANGES;
  #writing: OutboxChanges = NO_CHANGES;
  #turn: Promise<void> = Promise.resolve();
  #isInJournal = false;

  constructor(
    private readonly database: OutboxDatabase,
    private readonly journal: Journal,
  ) {}

  /** What all tabs have stored, and what earlier ones have left in the journal. */
  async read(): Promise<{ view: SessionView | null; outbox: Outbox }> {
    const journals = this.journal.read();
    const stored = await inTime(this.database.read()).catch(() => ({ view: null, outbox: EMPTY }));
    for (const { changes, remove } of journals)
      void this.database.update(changes).then(remove, () => undefined);
    const outbox = journals.reduce(
      (read, { changes }) => withChanges(read, changes),
      stored.outbox,
    );
    return { ...stored, outbox };
  }

  /** What tabs have left in the journal. */
  readAtOnce(): readonly OutboxChanges[] {
    return this.journal.read().map(({ changes }) => changes);
  }

  /**
   * Resolves once the changes are on this device.
   *
   * @throws if neither the database nor the journal takes them
   */
  write(changes: OutboxChanges): Promise<void> {
    this.#waiting = joined(this.#waiting, changes);
    const turn = this.#turn.then(() => this.#writeWaiting());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async writeView(view: SessionView): Promise<void> {
    await inTime(this.database.updateView(view));
  }

  /** Keeps at once what the database does not have yet. The page may end with this task. */
  writeAtOnce(): void {
    const changes = joined(this.#writing, this.#waiting);
    if (isNothing(changes)) return;
    this.journal.write(changes);
    this.#isInJournal = true;
  }

  async #writeWaiting(): Promise<void> {
    this.#writing = this.#waiting;
    this.#waiting = NO_CHANGES;
    if (isNothing(this.#writing)) return;
    try {
      await inTime(this.database.update(this.#writing));
      this.#writing = NO_CHANGES;
    } catch {
      this.#waiting = joined(this.#writing, this.#waiting);
      this.#writing = NO_CHANGES;
      this.writeAtOnce();
      return;
    }
    if (!this.#isInJournal || !isNothing(this.#waiting)) return;
    this.journal.write(null);
    this.#isInJournal = false;
  }
}

/** `person` is the user and the tenant that the token speaks for: no other person sees the outbox. */
export function outboxStorage(person: string, sessionId: string): OutboxStorage {
  return new OutboxStorage(outboxDatabase(person, sessionId), outboxJournal(person, sessionId));
}

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the database does not answer")), PATIENCE);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
