import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import type { JsonObject } from "../session/json";
import type { Landing } from "../session/landings";
import { dataOf, type Sent } from "../session/outbox";
import type { Path } from "../session/paths";
import type { SessionStore } from "../session/SessionStore";
import { landingOf } from "../session/saves";
import { type Answer, type SessionApi, viewIn } from "../session/sessionApi";
import { resultInAnswer, resultInTrail } from "../session/trail";
import type { Stage } from "../stages/stages";
import type { Ledger } from "./ledger";
import { insisted, pause } from "./patience";
import { CHANGED_SINCE, type Refusal, refusalOf, STOPPED } from "./problems";
import type { WriteResult } from "./types";
import { divided, requestOf, resultOf, typedIn, type Wish, wishOf } from "./writes";

/** A call of a tool. */
export interface Call {
  id: string;
  /** The revision of the session that the assistant has read; null if it is not known. */
  revision: number | null;
  /** Aborted when the person stops the assistant, or leaves. */
  signal: AbortSignal;
}

export interface Place {
  stage: Stage;
  pointer: Path;
}

export interface WriterHost {
  store: SessionStore;
  api: Pick<SessionApi, "read" | "save" | "actions">;
  ledger: Ledger;
  /** The call waits for the person, who types in a field that it is about to write; or waits no longer. */
  waits(callId: string, place: Place | null): void;
}

/** Milliseconds that a call waits for a person who does not stop typing. */
const LONGEST_TYPING = 10_000;
/** How often the audit trail is waited for, to know what a request has done whose answer was lost. */
const MOST_READS = 6;
const TRAIL_PAUSE = 1_000;

/**
 * Writes what the assistant wants to change of a stage. A field that anyone has touched since the
 * assistant has read the session stays as it is.
 */
export class Writer {
  constructor(private readonly host: WriterHost) {}

  /**
   * @param change makes the patch from the stage's data as the assistant has read it. It throws an
   * ApiProblem if there is none
   * @returns a refusal if nothing was written
   */
  async write(
    call: Call,
    stage: Stage,
    change: (base: JsonObject) => JsonObject,
  ): Promise<WriteResult | Refusal> {
    try {
      const base = await this.#base(call, stage);
      if (base === null) return CHANGED_SINCE;
      return await this.#writeWish(call, wishOf(stage, base, change(base)));
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.host.store.meet(problem);
      return refusalOf(problem);
    } finally {
      this.host.store.setWriting(null);
    }
  }

  /** The stage's data as the assistant has read it; null if this browser does not know it. */
  async #base({ id, revision, signal }: Call, stage: Stage): Promise<JsonObject | null> {
    const { store, ledger, api } = this.host;
    const known = ledger.entry(id).base;
    if (known !== undefined) return known.stage === stage ? known.data : null;
    if (revision === null) return null;
    const newest = store.snapshot().view?.revision ?? 0;
    if (newest < revision) store.receive(await insisted(() => api.read(true), signal));
    const view = store.viewAt(revision);
    if (view === null) return null;
    const data = dataOf(view, stage);
    ledger.note(id, { base: { stage, data } });
    return data;
  }

  async #writeWish(call: Call, wish: Wish): Promise<WriteResult | Refusal> {
    const { store, ledger } = this.host;
    const { id, signal } = call;
    let { sent = null } = ledger.entry(id);
    if (sent === null) await this.#untilTyped(call, wish);
    for (;;) {
      if (signal.aborted) return STOPPED;
      const { view, outbox } = store.snapshot();
      if (view === null) return CHANGED_SINCE;
      const { untouched, touched } = divided(wish, view, outbox);
      sent ??= requestOf(id, wish.stage, untouched, view);
      if (sent === null) return resultOf(null, wish, touched, view, outbox);
      const landing = await this.#send(sent, signal);
      if (landing !== null) {
        const now = store.snapshot();
        const left = divided(wish, now.view ?? view, now.outbox).touched;
        return resultOf(landing, wish, leftOut(left, sent), now.view ?? view, now.outbox);
      }
      if (signal.aborted) return STOPPED;
      ledger.forgetSent(id);
      sent = null;
    }
  }

  /** Waits for the person to finish what they type in the same places. It counts as touched then. */
  async #untilTyped({ id: callId, signal }: Call, wish: Wish): Promise<void> {
    const { store, waits } = this.host;
    const until = Date.now() + LONGEST_TYPING;
    let place: Path | null = null;
    for (;;) {
      const { outbox, clashes } = store.snapshot();
      const held = clashes.map(({ entry }) => entry);
      const typed = typedIn(wish, outbox, held);
      if (typed !== place) waits(callId, typed === null ? null : placeOf(wish, typed));
      place = typed;
      if (typed === null || signal.aborted) return;
      const left = until - Date.now();
      if (left <= 0) break;
      await this.#change(left, signal);
    }
    waits(callId, null);
  }

  /** Resolves once the session is shown otherwise, or after some milliseconds. */
  async #change(milliseconds: number, signal: AbortSignal): Promise<void> {
    const changed = new AbortController();
    const end = this.host.store.subscribe(() => changed.abort());
    await pause(milliseconds, AbortSignal.any([changed.signal, signal]));
    end();
  }

  /**
   * Sends a request until its outcome is known. Null if another change came before it: then it has
   * no effect, and the newest view is in the store.
   */
  async #send(sent: Sent, signal: AbortSignal): Promise<Landing | null> {
    const { store, ledger, api } = this.host;
    ledger.note(sent.key, { sent });
    const paths = sent.entries.map(({ path }) => path);
    try {
      const answer = await insisted(() => {
        store.setWriting({ key: sent.key, stage: sent.stage, paths });
        return api.save(sent);
      }, signal);
      const result = resultInAnswer(sent, answer) ?? (await this.#resultInTrail(sent, signal));
      const landing = landingOf(sent, answer.view, result);
      store.land(landing, newestOf(answer, store.snapshot().view));
      return landing;
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.code !== "revision_conflict") throw problem;
      const view = viewIn(problem) ?? (await insisted(() => api.read(true), signal));
      store.receive(view);
      store.setWriting(null);
      return null;
    }
  }

  async #resultInTrail(sent: Sent, signal: AbortSignal) {
    const { api } = this.host;
    for (let reads = 0; reads < MOST_READS && !signal.aborted; reads += 1) {
      if (reads > 0) await pause(TRAIL_PAUSE, signal);
      const actions = await insisted(() => api.actions(), signal);
      const result = resultInTrail(sent, actions);
      if (result !== null) return result;
    }
    return null;
  }
}

function newestOf({ view }: Answer, known: SessionView | null): SessionView {
  return known !== null && known.revision > view.revision ? known : view;
}

/** What was changed by others before the request, and not after it. */
function leftOut<Change extends { path: Path }>(touched: readonly Change[], sent: Sent): Change[] {
  return touched.filter(({ path }) => !sent.entries.some((entry) => entry.path === path));
}

function placeOf({ stage }: Wish, pointer: Path): Place {
  return { stage, pointer };
}
