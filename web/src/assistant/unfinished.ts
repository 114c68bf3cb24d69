/** What a tab keeps of a conversation for a reload: the thread at the API does not have it. */

export interface Outgoing {
  id: string;
  text: string;
}

export interface Unfinished {
  /** What the person said, and was not sent yet. */
  outgoing: readonly Outgoing[];
  /** The key of the message whose answer is not known to be whole; null if none is. */
  asked: string | null;
  /** The id of the person's message whose answer they stopped: it does not go on. */
  halted: string | null;
}

const NOTHING: Unfinished = { outgoing: [], asked: null, halted: null };

export class KeptUnfinished {
  #now: Unfinished;

  constructor(private readonly name: string) {
    this.#now = { ...NOTHING, ...stored(name) };
  }

  get now(): Unfinished {
    return this.#now;
  }

  set(changes: Partial<Unfinished>): void {
    this.#now = { ...this.#now, ...changes };
    try {
      sessionStorage.setItem(this.name, JSON.stringify(this.#now));
    } catch {
      // Without room, it is kept for as long as the page is open.
    }
  }
}

function stored(name: string): Partial<Unfinished> {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "{}") as Partial<Unfinished>;
  } catch {
    return {};
  }
}
