import type { AgentRuns, AgentState } from "./AgentRuns";
import {
  keyOf,
  type Message,
  merged,
  needsAnswer,
  openCalls,
  type ToolCall,
  withoutCutAnswer,
  withResult,
} from "./messages";
import type { OneAtATime } from "./oneAtATime";
import type { Waiting } from "./turns";
import type { Choice, Failure, Question } from "./types";
import type { KeptUnfinished, Outgoing } from "./unfinished";

/** What is known of a conversation. */
export interface ConversationState {
  messages: readonly Message[];
  choices: readonly Choice[];
  /** What the person said, and waits for the end of the work. */
  queued: readonly Outgoing[];
  isConnected: boolean;
  isWorking: boolean;
  isElsewhere: boolean;
  failure: Failure | null;
  question: Question | null;
  /** The call that waits for the end of what the person types. */
  waiting: Waiting | null;
}

/** What the store of a conversation needs of the page. */
export interface ConversationHost {
  kept: KeptUnfinished;
  /** Resolves once what the person typed has reached the API, or cannot reach it now. */
  flush(): Promise<void>;
  /**
   * Runs a call of a tool. It results in the problem if it is refused.
   *
   * @param revision that the call is made from; null if it is not known
   * @param signal is aborted if the person stops the assistant, or leaves the conversation
   */
  runCall(call: ToolCall, revision: number | null, signal: AbortSignal): Promise<object>;
}

/** The result of a call that was not run, because the person stopped the assistant. */
const STOPPED = { status: 409, code: "stopped", detail: "The person stopped the assistant." };
const NO = { confirmed: false };

const FIRST: ConversationState = {
  messages: [],
  choices: [],
  queued: [],
  isConnected: false,
  isWorking: false,
  isElsewhere: false,
  failure: null,
  question: null,
  waiting: null,
};

/**
 * One conversation in one tab, for `useSyncExternalStore`. It goes on by itself until there is nothing
 * to do: calls without a result are run, the last message is answered, and what the person said
 * meanwhile is sent.
 */
export class ConversationStore {
  readonly #listeners = new Set<() => void>();
  #now = FIRST;
  #runs: AgentRuns | null = null;
  #tabs: OneAtATime | null = null;
  /** Whether the thread may be another one than that on screen. */
  #isStale = true;
  /** The revision that the calls of a message are made from. */
  #read: { messageId: string; revision: number } | null = null;
  #isReading = false;
  #isAtWork = false;
  /** Whether there may be more to do than the work that is being done knows of. */
  #isWanted = false;
  #stopping = new AbortController();
  #reply: ((result: object) => void) | null = null;
  /** What is done once the run that follows a result is over. */
  #afterwards: (() => void)[] = [];

  constructor(private readonly host: ConversationHost) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): ConversationState => this.#now;

  /** Reads the thread, and goes on with it. Both end with the returned function. */
  open(runs: AgentRuns, tabs: OneAtATime): () => void {
    this.#runs = runs;
    this.#tabs = tabs;
    this.#isStale = true;
    void this.#goOn();
    return () => {
      this.#runs = null;
      this.#tabs = null;
      this.#stopping.abort();
      tabs.close();
      runs.close();
      this.#set({ isWorking: false, question: null, waiting: null });
    };
  }

  send(text: string): void {
    const { kept } = this.host;
    kept.set({ outgoing: [...kept.now.outgoing, { id: crypto.randomUUID(), text }] });
    this.#show();
    void this.#goOn();
  }

  /** Tries again what failed. */
  retry(): void {
    this.#isStale = true;
    void this.#goOn();
  }

  /** Ends the work; what was said stays. */
  stop(): void {
    if (!this.#now.isWorking) return;
    this.#halt();
    this.#afterwards = [];
    this.#stopping.abort();
    this.#runs?.stop();
    this.#answer(NO);
  }

  /** Asks the person, for a call. */
  ask(question: Question): Promise<object> {
    return new Promise((resolve) => {
      this.#reply = resolve;
      this.#set({ question });
    });
  }

  answer(question: Question, result: object): void {
    if (question.callId === this.#now.question?.callId) this.#answer(result);
  }

  /** Calls `action` once the run that follows the result of a call is over. */
  afterRun(action: () => void): void {
    this.#afterwards.push(action);
  }

  /** A call waits for the person, who types in a field that it is about to write; or waits no longer. */
  waits(callId: string, place: Omit<Waiting, "callId"> | null): void {
    this.#set({ waiting: place === null ? null : { callId, ...place } });
  }

  /** Runs a call of the newest answer. */
  async runCall(call: ToolCall): Promise<object> {
    const read = this.#read;
    const made = this.#runs?.messages.find(
      (message) =>
        message.role === "assistant" && message.toolCalls?.some(({ id }) => id === call.id),
    );
    const revision = made !== undefined && made.id === read?.messageId ? read.revision : null;
    return await this.host.runCall(call, revision, this.#stopping.signal);
  }

  /** Another tab works on this conversation, or has stopped. */
  readonly elsewhere = (isElsewhere: boolean): void => {
    this.#set({ isElsewhere });
    if (isElsewhere) return;
    this.#isStale = true;
    this.host.kept.set({ asked: null });
    void this.#goOn();
  };

  /** A run begins. */
  readonly began = (messages: readonly Message[]): void => {
    const last = messages.at(-1);
    this.host.kept.set({ asked: last === undefined ? null : keyOf(last) });
  };

  /** A run has ended as it should. */
  readonly ended = (messages: readonly Message[], state: AgentState): void => {
    const { kept } = this.host;
    this.#noteRead(messages, state);
    kept.set({ asked: null, outgoing: unknownIn(messages, kept.now.outgoing) });
    for (const action of this.#afterwards.splice(0)) action();
  };

  /** The agent has other messages, or another state. */
  readonly changed = (): void => {
    if (!this.#isReading) this.#show();
  };

  async #goOn(): Promise<void> {
    this.#isWanted = true;
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    while (this.#isWanted && this.#runs !== null && this.#tabs !== null) {
      this.#isWanted = false;
      await this.#workThrough(this.#runs, this.#tabs);
    }
    this.#isAtWork = false;
  }

  async #workThrough(runs: AgentRuns, tabs: OneAtATime): Promise<void> {
    this.#set({ failure: null });
    if (!(await this.#isRead(runs)) || !this.#hasWork(runs)) return;
    await tabs.alone(async () => {
      if (!(await this.#isRead(runs))) return;
      this.#set({ isWorking: true });
      while (this.#runs === runs && (await this.#step(runs)));
      if (this.#runs === runs) this.#set({ isWorking: false });
    });
  }

  /** Whether the thread is known, after it has been read if that is necessary. */
  async #isRead(runs: AgentRuns): Promise<boolean> {
    if (!this.#isStale) return true;
    const { kept } = this.host;
    const own = runs.messages;
    this.#isReading = true;
    const ending = await runs.connect();
    this.#isReading = false;
    if (this.#runs !== runs) return false;
    if (ending.kind !== "finished") {
      if (ending.kind === "failed") this.#set({ failure: ending.failure });
      return false;
    }
    this.#isStale = false;
    const stored = runs.messages;
    this.#noteRead(stored, runs.state);
    const { asked, outgoing } = kept.now;
    const all = merged(stored, own);
    runs.messages = asked === null ? all : withoutCutAnswer(all, asked);
    kept.set({ outgoing: unknownIn(stored, outgoing) });
    this.#set({ isConnected: true });
    this.#show();
    return true;
  }

  /** The state is that of the last message. */
  #noteRead(messages: readonly Message[], { revision = null }: AgentState): void {
    const last = messages.at(-1);
    if (last?.role === "assistant" && revision !== null)
      this.#read = { messageId: last.id, revision };
  }

  #hasWork(runs: AgentRuns): boolean {
    const isOpen = openCalls(runs.messages).length > 0 || needsAnswer(runs.messages);
    return (isOpen && !this.#isHalted(runs)) || this.#queued().length > 0;
  }

  /** The next thing to do. Returns whether there may be another one. */
  async #step(runs: AgentRuns): Promise<boolean> {
    this.#isWanted = false;
    this.#stopping = new AbortController();
    const [call] = openCalls(runs.messages);
    if (this.#isHalted(runs)) return await this.#sendNext(runs);
    if (call !== undefined) return await this.#resume(runs, call);
    if (needsAnswer(runs.messages)) return await this.#run(runs);
    return await this.#sendNext(runs);
  }

  /** A call whose result was lost, as by a reload. */
  async #resume(runs: AgentRuns, call: ToolCall): Promise<boolean> {
    const result = await this.runCall(call);
    if (this.#runs !== runs) return false;
    runs.messages = withResult(runs.messages, call.id, result);
    this.#show();
    return true;
  }

  async #run(runs: AgentRuns): Promise<boolean> {
    const ending = await runs.run();
    if (this.#runs !== runs) return false;
    // An answer without words and calls is the end, too.
    const isSilent = ending.kind === "finished" && needsAnswer(runs.messages);
    if (ending.kind === "stopped" || isSilent) this.#halt();
    if (ending.kind === "failed") this.#set({ failure: ending.failure });
    this.#show();
    return ending.kind === "finished" || ending.kind === "stopped";
  }

  async #sendNext(runs: AgentRuns): Promise<boolean> {
    const [next] = this.#queued();
    if (next === undefined) return false;
    await this.host.flush();
    if (this.#runs !== runs) return false;
    const left = openCalls(runs.messages);
    const closed = left.reduce(
      (messages, { id }) => withResult(messages, id, STOPPED),
      runs.messages,
    );
    runs.messages = [...closed, { id: next.id, role: "user", content: next.text }];
    this.#show();
    return true;
  }

  /** What the person said, and the agent does not have yet. */
  #queued(): readonly Outgoing[] {
    return unknownIn(this.#runs?.messages ?? [], this.host.kept.now.outgoing);
  }

  #halt(): void {
    this.host.kept.set({ asked: null, halted: lastSaid(this.#runs?.messages ?? []) });
  }

  #isHalted(runs: AgentRuns): boolean {
    const { halted } = this.host.kept.now;
    return halted !== null && halted === lastSaid(runs.messages);
  }

  #answer(result: object): void {
    this.#reply?.(result);
    this.#reply = null;
    this.#set({ question: null });
  }

  #show(): void {
    const { messages = this.#now.messages, state = {} } = this.#runs ?? {};
    this.#set({ messages: [...messages], queued: this.#queued(), choices: state.choices ?? [] });
  }

  #set(changes: Partial<ConversationState>): void {
    this.#now = { ...this.#now, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

/** What was said that is not among the messages. */
function unknownIn(messages: readonly Message[], said: readonly Outgoing[]): readonly Outgoing[] {
  return said.filter(({ id }) => !messages.some((message) => message.id === id));
}

/** The id of the last message of the person. */
function lastSaid(messages: readonly Message[]): string | null {
  return messages.findLast(({ role }) => role === "user")?.id ?? null;
}
