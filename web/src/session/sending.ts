import { ApiProblem } from "../api/client";
import type { SessionView } from "../api/generated";
import { BackOff } from "./backOff";
import { dataOf, type Outbox, type Sent } from "./outbox";
import { pathOfPointer } from "./pointers";
import { accepted, needsResult, type Refusal, type Result, refused, withNextSave } from "./saves";
import { type Answer, type SessionApi, viewIn } from "./sessionApi";
import { resultInAnswer, resultInTrail } from "./trail";
import type { Writing } from "./writing";

/** Milliseconds of quiet before what was typed is sent. */
export const QUIET = 1_000;
/** Milliseconds after which text is sent even if the person does not pause. */
const LONGEST_TYPING = 10_000;
/** How often the audit trail is waited for before the person is asked. */
const MOST_READS = 6;
/** A browser takes 64 KiB along when a page is left, with headers. */
const MOST_BYTES = 60 * 1_024;
/** The session takes no changes for now, or no more: what was typed is kept. */
const CLOSED = new Set(["publishing", "session_closed", "session_lost"]);
/** The request was refused because of who asks, how often or where, and not because of the text. */
export const NOT_THE_TEXT = new Set([401, 403, 404, 408, 429]);

/** What the sending needs of the store. */
export interface SendingHost {
  view(): SessionView | null;
  outbox(): Outbox;
  /** What the assistant is writing at this moment. */
  writing(): Writing | null;
  /** Whether this tab is the one that sends. */
  mayConnect(): boolean;
  /** Keeps an outbox, with a new view. Resolves once it is stored. */
  keep(outbox: Outbox, view?: SessionView): Promise<void>;
  saved(sent: Sent): void;
  failed(problem: ApiProblem, isReachable: boolean): void;
  reached(): void;
}

/** Sends an outbox: one save at a time, repeated until its outcome is known. */
export class Sending {
  readonly #backOff = new BackOff();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current: Promise<void> | null = null;
  #due = 0;
  #typedSince: number | undefined;
  #trailReads = 0;
  /** The key of the last save that was sent more than once, also by a page that was left. */
  #repeated: string | null = null;
  #isClosed = false;

  constructor(
    private readonly api: SessionApi,
    private readonly host: SendingHost,
  ) {}

  open(): void {
    this.#isClosed = false;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Sends once nothing was typed for a while, or after longer if it does not end. */
  whenQuiet(): void {
    this.#typedSince ??= Date.now();
    const left = this.#typedSince + LONGEST_TYPING - Date.now();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.soon(Math.min(QUIET, Math.max(0, left)));
  }

  /** Sends after a time, or later if there were failures, or before if it is to be sent anyway. */
  soon(milliseconds: number): void {
    if (this.#isClosed || !this.host.mayConnect()) return;
    const due = Date.now() + Math.max(milliseconds, this.#backOff.pause());
    if (this.#timer !== undefined && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#typedSince = undefined;
      if (this.canSend()) void this.#send();
    }, due - Date.now());
  }

  /** The API can be reached again. */
  retry(): void {
    if (this.#backOff.failures === 0 || this.#backOff.isAsked) return;
    this.#backOff.succeed();
    this.soon(0);
  }

  /** Sends all that can be sent now. */
  async flush(): Promise<void> {
    while (this.canSend() && !this.#backOff.isAsked) {
      const { failures } = this.#backOff;
      await this.#send();
      if (this.#backOff.failures > failures) return;
    }
  }

  /** Whether there is something that the API may take, from this tab or from another one. */
  isDue(): boolean {
    return this.#withNextSave("").sent !== null;
  }

  canSend(): boolean {
    return !this.#isClosed && this.host.mayConnect() && this.isDue();
  }

  /** What can go along when the page is left; null if nothing can. */
  last(): Outbox | null {
    if (this.#isClosed) return null;
    const outbox = this.#withNextSave(crypto.randomUUID());
    const { sent } = outbox;
    if (sent === null) return null;
    if (new TextEncoder().encode(JSON.stringify(sent.body)).length > MOST_BYTES) return null;
    this.#repeated = sent.key;
    return outbox;
  }

  /** Without a view, only a save that is on its way can be repeated. */
  #withNextSave(key: string): Outbox {
    const [view, outbox] = [this.host.view(), this.host.outbox()];
    return view === null ? outbox : withNextSave(outbox, view, key, this.host.writing());
  }

  #send(): Promise<void> {
    this.#current ??= this.#sendOnce().finally(() => {
      this.#current = null;
      this.soon(this.#backOff.failures > 0 ? 0 : QUIET);
    });
    return this.#current;
  }

  async #sendOnce(): Promise<void> {
    this.#typedSince = undefined;
    this.#repeated = this.host.outbox().sent?.key ?? this.#repeated;
    // Stored before it is sent: after a crash it is repeated with its key.
    await this.host.keep(this.#withNextSave(crypto.randomUUID()));
    const { sent } = this.host.outbox();
    if (sent === null || this.#isClosed) return;
    try {
      const answer = await this.api.save(sent);
      const result = resultInAnswer(sent, answer) ?? (await this.#resultInTrail(sent));
      if (this.#isClosed) return;
      this.host.reached();
      await this.#accept(sent, answer, result);
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (!this.#isClosed) await this.#refuse(sent, problem);
    }
  }

  async #accept(sent: Sent, answer: Answer, result: Result | null): Promise<void> {
    const outbox = this.host.outbox();
    if (outbox.sent?.key !== sent.key) return;
    if (result === null && needsResult(outbox) && this.#trailReads < MOST_READS) {
      this.#trailReads += 1;
      this.#backOff.fail(null);
      return;
    }
    this.#trailReads = 0;
    this.#backOff.succeed();
    const current = this.host.view();
    const view =
      current !== null && current.revision > answer.view.revision ? current : answer.view;
    await this.host.keep(accepted(outbox, view, result), view);
    this.host.saved(sent);
  }

  async #resultInTrail(sent: Sent): Promise<Result | null> {
    try {
      return resultInTrail(sent, await this.api.actions());
    } catch (problem) {
      if (problem instanceof ApiProblem) return null;
      throw problem;
    }
  }

  async #refuse(sent: Sent, problem: ApiProblem): Promise<void> {
    if (problem.code === "revision_conflict") {
      this.host.reached();
      const view = viewIn(problem) ?? (await this.#read());
      await this.host.keep(refused(this.host.outbox()), view);
      return;
    }
    this.#backOff.fail(problem);
    this.host.failed(problem, !problem.isUnreachable);
    if (problem.isUnreachable || NOT_THE_TEXT.has(problem.status)) return;
    if (CLOSED.has(problem.code) || problem.code === "idempotency_key_reused") {
      const view = await this.#read();
      // Another attempt may arrive once the publication is over: only a repeat tells the outcome.
      const isOpen = problem.code === "publishing" && this.#repeated === sent.key;
      const outbox = this.host.outbox();
      await this.host.keep(isOpen ? outbox : refused(outbox), view);
      return;
    }
    if (problem.status >= 500) return;
    this.#backOff.succeed();
    await this.host.keep(refused(this.host.outbox(), this.#refusalOf(sent, problem)));
  }

  #refusalOf(sent: Sent, { code, problem }: ApiProblem): Refusal {
    const view = this.host.view();
    const data = view === null ? sent.data : dataOf(view, sent.stage);
    const paths = (problem.errors ?? []).flatMap(({ stage, pointer }) =>
      stage === sent.stage ? [{ stage, path: pathOfPointer(data, pointer) }] : [],
    );
    return { code, paths };
  }

  async #read(): Promise<SessionView | undefined> {
    try {
      return await this.api.read(true);
    } catch (problem) {
      if (problem instanceof ApiProblem) return undefined;
      throw problem;
    }
  }
}
