import type { Random } from "../../session/model/Browser";
import { PERSONS, type Step, World } from "../../session/model/World";
import { ModelAssistant, type Write } from "./ModelAssistant";

/** Three people, each with an assistant that writes, too. */
export class AssistantWorld extends World {
  readonly #assistants: ModelAssistant[];

  constructor(random: Random, write: Write) {
    super(random);
    this.judge.ownerOf = (author) => author % PERSONS;
    this.#assistants = this.browsers.map(
      (browser) =>
        new ModelAssistant(
          browser.person + PERSONS,
          browser,
          this.model,
          this.judge,
          random,
          write,
        ),
    );
  }

  protected override ask({ person, tab, what }: Step & { kind: "ask" }): void {
    this.#assistants[person]?.ask(tab, what);
  }

  protected override afterStep(): void {
    for (const assistant of this.#assistants) assistant.notice();
  }

  protected override isQuiet(): boolean {
    return this.#assistants.every(({ isIdle }) => isIdle) && super.isQuiet();
  }
}
