import type { SessionView } from "../../api/generated";
import type { Stage } from "../../stages/stages";
import type { Clash } from "../clashes";
import { isObject, type Json } from "../json";
import type { Entry } from "../outbox";
import { isOrder, isWithin, type Path } from "../paths";
import type { SessionStore } from "../SessionStore";
import { canonicalText, type ModelApi } from "./ModelApi";

/** The texts in a value, as the API would keep them. */
export function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return value === "" ? [] : [canonicalText(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "id" ? [] : textsIn(inner)));
}

/** Knows what each person typed, and what they had before their eyes when they typed over it. */
export class Judge {
  /** Whom the text of an author belongs to: what an assistant writes is its person's, too. */
  ownerOf: (author: number) => number = (author) => author;
  /**
   * Assistants whose page has ended while they wrote: until the next page repeats the write, it
   * cannot know who wrote what is there.
   */
  readonly interrupted = new Set<number>();
  /** Each text is typed once only; by whom. */
  readonly #authors = new Map<string, number>();
  /** What each person replaced knowingly. */
  readonly #replaced: Set<string>[] = [];
  readonly #typed: { person: number; stage: Stage; path: Path; texts: string[] }[] = [];
  readonly #takenBack = new Set<string>();
  #checked = 0;

  replaces(person: number, stage: Stage, path: Path, shown: Json | undefined): void {
    // In another tab the same person may have typed in the same place a moment ago.
    const before = this.#typed.filter(
      (typed) => typed.person === person && typed.stage === stage && isWithin(typed.path, path),
    );
    for (const text of [...textsIn(shown), ...before.flatMap(({ texts }) => texts)])
      this.#replacedBy(person).add(text);
  }

  types(person: number, stage: Stage, path: Path, value: Json): void {
    const texts = textsIn(value);
    for (const text of texts) {
      this.#authors.set(text, person);
      this.#replacedBy(person).delete(text);
    }
    this.#typed.push({ person, stage, path, texts });
  }

  takesBack(value: Json | undefined, base: Json | undefined): void {
    for (const text of textsIn(value)) this.#takenBack.add(text);
    for (const text of textsIn(base)) this.#takenBack.delete(text);
  }

  chooses(person: number, { entry, theirs }: Clash, choice: "mine" | "theirs"): void {
    if (choice === "theirs") for (const text of textsIn(theirs)) this.#takenBack.delete(text);
    this.replaces(person, entry.stage, entry.path, choice === "mine" ? theirs : entry.value);
  }

  /** Nothing that a person typed is overwritten by another person who did not see it. */
  checkOverwritten(model: ModelApi): void {
    for (const change of model.changes.slice(this.#checked)) {
      const left = new Set(textsIn(change.to));
      for (const text of textsIn(change.from)) {
        const author = this.#authors.get(text);
        if (left.has(text) || author === undefined || author === change.person) continue;
        // A person knows what their assistant does, but not the other way round.
        if (this.ownerOf(author) === change.person) continue;
        if (!this.#replacedBy(change.person).has(text))
          throw new Error(`${change.person} overwrote ${text} unseen, at ${change.path}`);
      }
    }
    this.#checked = model.changes.length;
  }

  /** A person is asked only about what another person changed meanwhile. */
  checkClashes(model: ModelApi, person: number, store: SessionStore): void {
    for (const { entry } of store.snapshot().clashes)
      if (!this.#hasRival(model, person, entry))
        throw new Error(`${person} is asked about ${entry.path}: ${JSON.stringify(entry)}`);
  }

  /** All that was typed was saved, unless its author replaced it. */
  checkSaved(views: readonly SessionView[]): void {
    const saved = new Set(
      views.flatMap(({ stages }) =>
        Object.values(stages).flatMap(({ data }) => textsIn(data as Json)),
      ),
    );
    // What an assistant wrote is dropped if it comes too late.
    for (const [text, person] of this.#authors)
      if (
        this.ownerOf(person) === person &&
        !saved.has(text) &&
        !this.#replacedBy(person).has(text)
      )
        throw new Error(`${text} of ${person} was never saved`);
  }

  /** What a person took back does not come again. */
  checkTakenBack(view: SessionView): void {
    const left = Object.values(view.stages).flatMap(({ data }) => textsIn(data as Json));
    for (const text of left)
      if (this.#takenBack.has(text)) throw new Error(`${text} was taken back, and is there`);
  }

  #replacedBy(person: number): Set<string> {
    this.#replaced[person] ??= new Set();
    return this.#replaced[person];
  }

  #hasRival(model: ModelApi, person: number, entry: Entry): boolean {
    const isOwn = (author: number) =>
      this.ownerOf(author) === person && !this.interrupted.has(author);
    return model.changes.some(
      (change) =>
        // In another tab, the same person may have removed what they type in here.
        (!isOwn(change.person) || (change.to === undefined && change.path === entry.path)) &&
        change.stage === entry.stage &&
        change.revision > entry.baseRevision &&
        (isWithin(change.path, entry.path) ||
          isWithin(entry.path, change.path) ||
          // An element that is brought back comes last.
          isOrder(entry.path)),
    );
  }
}
