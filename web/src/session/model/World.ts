import { vi } from "vitest";
import type { Stage } from "../../stages/stages";
import type { Json, JsonObject } from "../json";
import { shownData } from "../outbox";
import { pathOf, valueAt } from "../paths";
import type { SessionStore } from "../SessionStore";
import { Browser, type Loss, type Random } from "./Browser";
import { Judge } from "./Judge";
import { ModelApi } from "./ModelApi";

export const PERSONS = 3;

interface Where {
  person: number;
  tab: number;
}

export type Step =
  | (Where & { kind: "type"; field: number; form: number })
  | (Where & { kind: "typeInTier"; tier: number; field: number; form: number })
  | (Where & { kind: "addTier"; index: number })
  | (Where & { kind: "removeTier"; tier: number })
  | (Where & { kind: "moveTier"; tier: number })
  | (Where & { kind: "takeBack"; field: number })
  | (Where & { kind: "choose"; choice: "mine" | "theirs" })
  | (Where & { kind: "crash" | "flush" | "leave" })
  /** The person asks their assistant for something. */
  | (Where & { kind: "ask"; what: number })
  | { kind: "openTab"; person: number }
  | { kind: "online"; person: number; isOnline: boolean }
  | { kind: "lose"; person: number; loss: Loss }
  | { kind: "stream"; person: number; age: number }
  | { kind: "publishing"; isPublishing: boolean }
  | { kind: "wait"; milliseconds: number };

const FIELDS = ["title", "summary", "phone", "address/city", "address/street"] as const;
const TIER_FIELDS = ["name", "description", "price"] as const;

/** Three people with their browsers, and one session. */
export class World {
  readonly model = new ModelApi({
    eventSetup: { title: "A", address: { city: "B" } },
    ticketSetup: {
      tiers: [
        { id: "tier-1", name: "C" },
        { id: "tier-2", name: "D" },
      ],
    },
  });
  readonly judge = new Judge();
  readonly browsers: Browser[];
  #texts = 0;

  constructor(random: Random) {
    this.browsers = Array.from(
      { length: PERSONS },
      (_, person) => new Browser(person, this.model, random),
    );
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#pass(2_000);
    for (const step of steps) {
      // What was typed in the last moments before a crash may be lost.
      if (step.kind === "crash") await this.#pass(200);
      this.#take(step);
      this.afterStep();
      await this.#pass(step.kind === "wait" ? step.milliseconds : 1);
    }
    await this.#settle();
    this.judge.checkSaved(this.model.views);
    this.judge.checkTakenBack(this.model.view());
  }

  async #pass(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
    this.judge.checkOverwritten(this.model);
    for (const { person, tabs } of this.browsers)
      for (const { store } of tabs) this.judge.checkClashes(this.model, person, store);
  }

  /** What else there is in this world, besides the people. */
  protected afterStep(): void {}

  protected ask(_step: Step & { kind: "ask" }): void {}

  #take(step: Step): void {
    if (step.kind === "wait") return;
    if (step.kind === "publishing") {
      this.model.isPublishing = step.isPublishing;
      return;
    }
    const browser = this.browsers[step.person];
    if (browser === undefined) return;
    if (step.kind === "openTab" && browser.tabs.length < 2) browser.openTab();
    if (step.kind === "online") browser.isOnline = step.isOnline;
    if (step.kind === "lose") browser.losses.push(step.loss);
    if (step.kind === "stream") this.#stream(browser, step.age);
    if (!("tab" in step)) return;
    if (step.kind === "ask") {
      this.ask(step);
      return;
    }
    const store = browser.tabs[step.tab % browser.tabs.length]?.store;
    if (step.kind === "crash") browser.crash(step.tab);
    else if (step.kind === "leave") browser.leave(step.tab);
    else if (store !== undefined) this.#act(step, step.person, store);
  }

  #act(step: Step, person: number, store: SessionStore): void {
    // Nothing can be typed before there is a page.
    if (store.snapshot().view === null) return;
    if (step.kind === "flush") void store.flush();
    if (step.kind === "takeBack") this.#takeBack(person, store, FIELDS[step.field] ?? "title");
    if (step.kind === "choose") this.#choose(person, store, step.choice);
    if (step.kind === "type") this.#type(person, store, FIELDS[step.field] ?? "title", step.form);
    if (step.kind === "typeInTier")
      this.#changeTiers(person, store, (tiers) => {
        const tier = tiers[step.tier % tiers.length];
        const field = TIER_FIELDS[step.field] ?? "name";
        if (tier === undefined) return tiers;
        const path = pathOf(["tiers", String(tier["id"]), field]);
        const text = this.#text(person, "ticketSetup", path, tier[field], step.form);
        return tiers.map((one) => (one === tier ? { ...one, [field]: text } : one));
      });
    if (step.kind === "addTier")
      this.#changeTiers(person, store, (tiers) => {
        // Some people give two tickets the same name, and a price that tells them apart.
        const price = this.#text(person, "ticketSetup", "/tiers/…", undefined, 0);
        return tiers.toSpliced(step.index % (tiers.length + 1), 0, { name: "Standing", price });
      });
    if (step.kind === "removeTier")
      this.#changeTiers(person, store, (tiers) => {
        const tier = tiers[step.tier % tiers.length];
        if (tier === undefined) return tiers;
        this.judge.replaces(person, "ticketSetup", pathOf(["tiers", String(tier["id"])]), tier);
        return tiers.filter((one) => one !== tier);
      });
    if (step.kind === "moveTier")
      this.#changeTiers(person, store, (tiers) => {
        const index = step.tier % tiers.length;
        const tier = tiers[index];
        return tier === undefined ? tiers : [tier, ...tiers.toSpliced(index, 1)];
      });
  }

  #type(person: number, store: SessionStore, name: string, form: number): void {
    const data = shownOf(store, "eventSetup");
    const path = `/${name}`;
    const text = this.#text(
      person,
      "eventSetup",
      path,
      valueAt(data, path),
      name === "phone" ? 2 : form,
    );
    this.#put(store, name, text);
  }

  /** Types again what was there before. */
  #takeBack(person: number, store: SessionStore, name: string): void {
    const path = `/${name}`;
    const entry = store
      .snapshot()
      .outbox.entries.find((one) => one.stage === "eventSetup" && one.path === path);
    if (entry === undefined) return;
    this.judge.replaces(person, "eventSetup", path, entry.value);
    this.judge.takesBack(entry.value, entry.base);
    this.#put(store, name, typeof entry.base === "string" ? entry.base : "");
  }

  #put(store: SessionStore, name: string, text: string): void {
    const [field = "", inner] = name.split("/");
    const object = shownOf(store, "eventSetup")[field] as JsonObject | undefined;
    store.change("eventSetup", {
      [field]: inner === undefined ? text : { ...object, [inner]: text },
    });
  }

  #changeTiers(
    person: number,
    store: SessionStore,
    change: (tiers: JsonObject[]) => JsonObject[],
  ): void {
    if (store.snapshot().view === null) return;
    const tiers = (shownOf(store, "ticketSetup")["tiers"] ?? []) as JsonObject[];
    void person;
    store.change("ticketSetup", { tiers: change(tiers) });
  }

  /** A new text over what is shown. */
  #text(person: number, stage: Stage, path: string, shown: Json | undefined, form: number): string {
    this.#texts += 1;
    const text = [`T${this.#texts}`, `  T${this.#texts} `, `+33 6 ${10_000_000 + this.#texts}`][
      form % 3
    ] as string;
    this.judge.replaces(person, stage, path, shown);
    this.judge.types(person, stage, path, text);
    return text;
  }

  #choose(person: number, store: SessionStore, choice: "mine" | "theirs"): void {
    const [clash] = store.snapshot().clashes;
    if (clash === undefined) return;
    this.judge.chooses(person, clash, choice);
    store.resolve(clash, choice);
  }

  #stream({ tabs, isOnline }: Browser, age: number): void {
    const view = this.model.views[Math.max(0, this.model.revision - 1 - age)];
    if (isOnline && view !== undefined) tabs[0]?.store.receive(structuredClone(view));
  }

  /** Everyone is online again, and answers what they are asked. */
  async #settle(): Promise<void> {
    this.model.isPublishing = false;
    for (const browser of this.browsers) {
      browser.isOnline = true;
      browser.losses.length = 0;
    }
    for (let round = 0; round < 40; round += 1) {
      for (const browser of this.browsers) {
        void browser.tabs[0]?.store.receive(this.model.view());
        const store = browser.tabs[0]?.store;
        if (store !== undefined) this.#choose(browser.person, store, round % 2 ? "mine" : "theirs");
      }
      await this.#pass(round < 3 ? 40_000 : 5_000);
      if (this.isQuiet()) return;
    }
    const left = this.browsers.flatMap(({ tabs }) =>
      tabs.map(({ store }) => store.snapshot().outbox),
    );
    throw new Error(`not settled: ${JSON.stringify(left)}`);
  }

  protected isQuiet(): boolean {
    return this.browsers.every(({ tabs }) =>
      tabs.every(({ store }) => {
        const { view, outbox } = store.snapshot();
        const isEmpty = outbox.entries.length === 0 && outbox.sent === null;
        return isEmpty && view?.revision === this.model.revision;
      }),
    );
  }
}

function shownOf(store: SessionStore, stage: Stage): JsonObject {
  const { view, outbox } = store.snapshot();
  return view === null ? {} : shownData(outbox, view, stage);
}
