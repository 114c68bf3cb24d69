import type { CopilotKitCoreReact } from "@copilotkit/react-core/v2/context";
import type { useAgent } from "@copilotkit/react-core/v2/headless";

import type { Message } from "./messages";
import type { Choice, Failure } from "./types";

type Agent = ReturnType<typeof useAgent>["agent"];

/** What the API says about an answer: the revision that it is made from, and how to answer it. */
export interface AgentState {
  /** Null if it is not known. */
  revision?: number | null;
  choices?: readonly Choice[];
}

/** How runs have ended: `signedOut` if the API did not take the token. */
export type Ending = { kind: "finished" | "stopped" | "signedOut" } | FailedEnding;
type FailedEnding = { kind: "failed"; failure: Failure };

/** What the runs of a conversation need of the page. */
export interface RunHost {
  /** As in `Identity`. */
  accessToken(): Promise<string | null>;
  expire(token: string): void;
  /** The `forwardedProps` of a run. */
  properties(): Record<string, unknown>;
  /** A run begins. The last message is the one that is answered. */
  began(messages: readonly Message[]): void;
  /** A run has ended as it should; its calls come next. */
  ended(messages: readonly Message[], state: AgentState): void;
  changed(): void;
}

/** Milliseconds that the API has to end a run that is stopped. */
const LONGEST_STOP = 3_000;

const TOO_MANY = 429;
const SIGNED_OUT = 401;
/** Of the API, or of a proxy before it. */
const AWAY = new Set([502, 503, 504]);

/** Runs of the agent, one at a time, with the runs that follow from the results of calls. */
export class AgentRuns {
  #token = "";
  #isWhole = false;
  #isStopped = false;
  #isRunning = false;
  #failure: unknown = null;
  /** The messages that the current run began with. */
  #before: Message[] = [];
  readonly #subscription: { unsubscribe(): void };

  constructor(
    private readonly copilotkit: CopilotKitCoreReact,
    private readonly agent: Agent,
    private readonly host: RunHost,
  ) {
    this.#subscription = agent.subscribe({
      onRunInitialized: () => {
        this.#isWhole = false;
        this.#before = [...this.messages];
        if (this.#isRunning) host.began(this.messages);
      },
      onRunFinishedEvent: () => {
        this.#isWhole = true;
      },
      onRunErrorEvent: ({ event }) => {
        this.#failure ??= event;
      },
      onRunFailed: ({ error }) => {
        this.#failure ??= error;
      },
      onRunFinalized: () => {
        if (this.#isRunning && this.#isWhole) host.ended(this.messages, this.state);
      },
      onMessagesChanged: host.changed,
      onStateChanged: host.changed,
    });
  }

  get messages(): readonly Message[] {
    return this.agent.messages as readonly Message[];
  }

  set messages(messages: readonly Message[]) {
    this.agent.setMessages([...messages]);
  }

  get state(): AgentState {
    return (this.agent.state ?? {}) as AgentState;
  }

  /** Reads the thread. After a failure, the messages are as they were. */
  async connect(): Promise<Ending> {
    const before = [...this.messages];
    const ending = await this.#tracked(async () => {
      this.agent.setMessages([]);
      await this.copilotkit.connectAgent({ agent: this.agent });
    });
    if (ending.kind !== "finished") this.messages = before;
    return ending;
  }

  /**
   * Answers the last message, runs the calls of the answer, and so on, until an answer has no calls.
   * What a run that failed has said is taken back.
   */
  async run(): Promise<Ending> {
    const ending = await this.#tracked(async () => {
      this.#isRunning = true;
      await this.copilotkit.runAgent({ agent: this.agent });
      this.#isRunning = false;
    });
    if (ending.kind !== "finished" && ending.kind !== "stopped") this.messages = this.#before;
    return ending;
  }

  /**
   * Runs a call of the newest answer, for CopilotKit.
   *
   * @throws if the answer was cut off: its arguments may be, too
   */
  async call(work: () => Promise<object>): Promise<object> {
    if (!this.#isWhole) throw new Error("The answer was cut off.");
    const result = await work();
    await this.#prepare().catch(() => undefined); // the next run says that the issuer is away
    return result;
  }

  /** Ends the run; what was said stays. */
  stop(): void {
    this.#isStopped = true;
    this.copilotkit.stopAgent({ agent: this.agent });
    setTimeout(() => this.#isStopped && void this.agent.detachActiveRun(), LONGEST_STOP);
  }

  /** Ends all of it. */
  close(): void {
    this.#subscription.unsubscribe();
    if (this.#isRunning) this.copilotkit.stopAgent({ agent: this.agent });
    void this.agent.detachActiveRun();
  }

  /** Before each request: tokens end, and the person goes to other stages. */
  async #prepare(): Promise<void> {
    this.#token = (await this.host.accessToken()) ?? "";
    this.copilotkit.setHeaders({ Authorization: `Bearer ${this.#token}` });
    this.copilotkit.setProperties(this.host.properties());
  }

  async #tracked(work: () => Promise<void>): Promise<Ending> {
    this.#isWhole = false;
    this.#isStopped = false;
    this.#failure = null;
    this.#before = [...this.messages];
    try {
      await this.#prepare();
    } catch {
      return { kind: "failed", failure: "unreachable" }; // the issuer of tokens
    }
    await work();
    return this.#ending();
  }

  #ending(): Ending {
    const isStopped = this.#isStopped;
    this.#isStopped = false;
    if (isStopped) return { kind: "stopped" };
    if (this.#isWhole && this.#failure === null) return { kind: "finished" };
    if (statusOf(this.#failure) === SIGNED_OUT) {
      this.host.expire(this.#token);
      return { kind: "signedOut" };
    }
    return { kind: "failed", failure: failureOf(this.#failure) };
  }
}

/** Of a response that is not a success. */
function statusOf(failure: unknown): number | undefined {
  return (failure as { status?: number } | null)?.status;
}

function failureOf(failure: unknown): Failure {
  const status = statusOf(failure);
  if (status === TOO_MANY) return "rate_limited";
  // `fetch` rejects with a TypeError if there is no answer, and a stream that breaks off as well.
  if (failure instanceof TypeError || AWAY.has(status ?? 0)) return "unreachable";
  return "failed";
}
