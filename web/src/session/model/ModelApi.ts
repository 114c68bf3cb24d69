import { ApiProblem } from "../../api/client";
import type { ListedAction, SessionView } from "../../api/generated";
import type { Stage } from "../../stages/stages";
import { type Difference, differences } from "../differences";
import { isAbsent, isObject, isSame, type Json, type JsonObject } from "../json";
import type { Sent } from "../outbox";
import type { Answer } from "../sessionApi";

export interface ModelChange extends Difference {
  stage: Stage;
  revision: number;
  person: number;
}

/** Milliseconds until the audit trail has a change. */
const TRAIL_DELAY = 3_000;

const SECTIONS: Partial<Record<Stage, string>> = { eventSetup: "event", ticketSetup: "ticket" };

/** One session of the API, with its real rules: revisions, merge patches, keys, ids, canonical values. */
export class ModelApi {
  isPublishing = false;
  /** Every view that there was, oldest first. */
  readonly views: SessionView[] = [];
  readonly changes: ModelChange[] = [];
  readonly #bodies = new Map<string, string>();
  readonly #actions: ListedAction[] = [];
  #stages: Record<string, JsonObject>;
  #issued = 0;

  constructor(stages: Partial<Record<Stage, JsonObject>>) {
    this.#stages = { eventSetup: {}, ticketSetup: {}, ...stages };
    this.#issued = tiersOf(this.#stages["ticketSetup"]).length;
    this.views.push(this.#viewAt(1));
  }

  get revision(): number {
    return this.views.length;
  }

  view(): SessionView {
    const view = structuredClone(this.views.at(-1)) as SessionView;
    return {
      ...view,
      publication: { ...view.publication, state: this.isPublishing ? "running" : "none" },
    };
  }

  actions(): ListedAction[] {
    const visible = this.#actions.filter(({ at }) => Date.parse(at) <= Date.now() - TRAIL_DELAY);
    return structuredClone(visible).reverse();
  }

  save(person: number, { key, stage, revision, body }: Sent): Answer {
    const fingerprint = JSON.stringify([stage, body]);
    const known = this.#bodies.get(key);
    if (known !== undefined && known !== fingerprint)
      throw new ApiProblem(409, "idempotency_key_reused", {});
    if (known !== undefined) return { view: this.view(), isReplay: true };
    if (this.isPublishing) throw new ApiProblem(409, "publishing", {});
    if (revision !== this.revision)
      throw new ApiProblem(412, "revision_conflict", { session: this.view() });
    this.#bodies.set(key, fingerprint);
    this.#apply(person, key, stage, body);
    return { view: this.view(), isReplay: false };
  }

  #apply(person: number, key: string, stage: Stage, body: JsonObject): void {
    const before = this.#stages[stage] ?? {};
    const after = canonical(merged(before, body)) as JsonObject;
    if (Array.isArray(body["tiers"])) after["tiers"] = this.#withIds(before, tiersOf(after));
    if (isSame(before, after)) return;
    this.#stages = { ...this.#stages, [stage]: after };
    this.views.push(this.#viewAt(this.revision + 1));
    for (const change of differences(before, after))
      this.changes.push({ ...change, stage, revision: this.revision, person });
    const at = new Date().toISOString();
    const sections = { [SECTIONS[stage] ?? ""]: after };
    const action = { revision: this.revision, idempotency_key: key, at, sections, stage };
    this.#actions.push({ ...action, user_name: `Person ${person}` } as ListedAction);
  }

  /** An element without an id: by name, else by index, else a new one. */
  #withIds(before: JsonObject, tiers: readonly JsonObject[]): JsonObject[] {
    const earlier = tiersOf(before);
    const taken = new Set(tiers.map(({ id }) => id));
    const given = new Map<number, Json>();
    const settle = (index: number, id: Json | undefined) => {
      if (id === undefined || taken.has(id) || given.has(index)) return;
      given.set(index, id);
      taken.add(id);
    };
    const waiting = [...tiers.keys()].filter((index) => isAbsent(tiers[index]?.["id"]));
    for (const index of waiting)
      settle(
        index,
        earlier.find(({ id, name }) => name === tiers[index]?.["name"] && name && !taken.has(id))?.[
          "id"
        ],
      );
    for (const index of waiting) settle(index, earlier[index]?.["id"]);
    for (const index of waiting) {
      if (given.has(index)) continue;
      this.#issued += 1;
      settle(index, `tier-${this.#issued}`);
    }
    return tiers.map((tier, index) => {
      const id = given.get(index);
      return id === undefined ? tier : { ...tier, id };
    });
  }

  #viewAt(revision: number): SessionView {
    const stages = Object.fromEntries(
      Object.entries(this.#stages).map(([name, data]) => [name, { data, errors: [] }]),
    );
    const publication = { state: "none" };
    return structuredClone({
      revision,
      stages,
      is_active: true,
      publication,
    }) as unknown as SessionView;
  }
}

function tiersOf(data: JsonObject | undefined): JsonObject[] {
  const tiers = data?.["tiers"];
  return Array.isArray(tiers) ? tiers.filter(isObject) : [];
}

/** RFC 7396. */
function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

/** Text as the API keeps it: without spaces around it, and telephone numbers without any. */
export function canonicalText(text: string): string {
  return text.startsWith("+")
    ? text.replaceAll(/[^+\d]/g, "")
    : text.replaceAll(/\s+/g, " ").trim();
}

function canonical(value: Json): Json {
  if (typeof value === "string") return canonicalText(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, canonical(inner)] as const)
      .filter(([, inner]) => !isAbsent(inner)),
  );
}
