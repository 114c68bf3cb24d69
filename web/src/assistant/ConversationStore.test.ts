import { CopilotKitCoreReact } from "@copilotkit/react-core/v2/context";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { AgentServer, type Answer, call, FINISHED, run, STARTED, words } from "../test/agentServer";
import { AgentRuns } from "./AgentRuns";
import { ConversationStore } from "./ConversationStore";
import type { Message, ToolCall } from "./messages";
import { OneAtATime } from "./oneAtATime";
import { KeptUnfinished } from "./unfinished";

const THREAD = "5b0c0d6e-4f0e-4a52-9a3f-0a6f6f1f7c11";

/** One page with the conversation. What it keeps for a reload is in the tab's storage. */
class Page {
  readonly ran: { call: ToolCall; revision: number | null }[] = [];
  readonly store: ConversationStore;
  close: () => void;
  expired: string | null = null;
  runCall: (id: string, signal: AbortSignal) => Promise<object> = async () => ({ revision: 4 });

  constructor(server: AgentServer) {
    vi.stubGlobal("fetch", server.fetch);
    this.store = new ConversationStore({
      kept: new KeptUnfinished("unfinished"),
      flush: async () => undefined,
      runCall: async (tool, revision, signal) => {
        this.ran.push({ call: tool, revision });
        return await this.runCall(tool.id, signal);
      },
    });
    this.close = this.open();
  }

  open(): () => void {
    const copilotkit = new CopilotKitCoreReact({
      runtimeUrl: "/v1/copilot",
      runtimeTransport: "rest",
      deferInitialConnection: true,
    });
    const registered = { agentId: "thread", runtimeAgentId: "default" };
    const { agent } = copilotkit.registerProxiedAgent(registered);
    agent.threadId = THREAD;
    const { store } = this;
    const runs = new AgentRuns(copilotkit, agent, {
      accessToken: async () => "token",
      expire: (token) => {
        this.expired = token;
      },
      properties: () => ({ session_id: "session" }),
      began: store.began,
      ended: store.ended,
      changed: store.changed,
    });
    copilotkit.addTool({
      name: "autosaveEventData",
      handler: (_arguments, { toolCall }) => runs.call(() => store.runCall(toolCall as ToolCall)),
    });
    return store.open(runs, new OneAtATime("tabs", store.elsewhere));
  }

  get texts(): readonly string[] {
    return this.store.snapshot().messages.map((message) => message.content ?? "");
  }

  async idle(): Promise<void> {
    await vi.waitFor(() => {
      const { isConnected, isWorking, queued } = this.store.snapshot();
      expect({ isConnected, isWorking, queued }).toEqual({
        isConnected: true,
        isWorking: false,
        queued: [],
      });
    });
  }
}

/** Answers with a call to each message of the person, and with words to its result. */
function savingServer(): AgentServer {
  return new AgentServer(({ messages }) => {
    const last = messages.at(-1);
    return last?.role === "tool"
      ? run(...words(`after ${last.toolCallId}`, "Saved."))
      : run(...call(`calls ${last?.id}`, `call ${last?.id}`, "autosaveEventData"));
  });
}

let opened: Page[] = [];

function open(server: AgentServer): Page {
  const page = new Page(server);
  opened.push(page);
  return page;
}

beforeEach(() => sessionStorage.clear());

afterEach(() => {
  for (const page of opened) page.close();
  opened = [];
  vi.unstubAllGlobals();
});

test("a call is run with the revision of its answer, and its result is answered", async () => {
  const server = savingServer();
  const page = open(server);
  page.store.send("The title is Hats");
  await vi.waitFor(() => expect(page.texts.at(-1)).toBe("Saved."));
  await page.idle();
  expect(page.ran).toMatchObject([
    { call: { function: { name: "autosaveEventData" } }, revision: 3 },
  ]);
  expect(server.runs.at(-1)?.messages.at(-1)).toMatchObject({
    role: "tool",
    content: '{"revision":4}',
  });
  expect(server.runs[0]).toMatchObject({
    token: "Bearer token",
    properties: { session_id: "session" },
    tools: [{ name: "autosaveEventData" }],
  });
});

test("a message that is sent while a tool runs waits, and no result is lost", async () => {
  const server = savingServer();
  const page = open(server);
  let finish: (result: object) => void = () => undefined;
  page.runCall = () => new Promise((resolve) => (finish = resolve));
  page.store.send("The title is Hats");
  await vi.waitFor(() => expect(page.ran).toHaveLength(1));
  page.store.send("And the date is 1 May");
  expect(page.store.snapshot().queued).toMatchObject([{ text: "And the date is 1 May" }]);
  page.runCall = async () => ({ revision: 5 });
  finish({ revision: 4 });
  await vi.waitFor(() => expect(page.texts.filter((text) => text === "Saved.")).toHaveLength(2));
  await page.idle();
  const asked = server.runs.map(({ messages }) => messages.at(-1)?.role);
  expect(asked).toEqual(["user", "tool", "user", "tool"]);
});

const CUT: readonly (readonly [string, Answer, string])[] = [
  ["breaks off", [STARTED, ...words("partial", "Sav")], "failed"],
  ["is cut in a call", [STARTED, ...call("calls", "call", "autosaveEventData")], "failed"],
  [
    "is an error",
    [STARTED, { type: "RUN_ERROR", message: "failed", code: "internal_error" }],
    "failed",
  ],
  ["is too much", new Response("{}", { status: 429 }), "rate_limited"],
  ["is a 503", new Response("{}", { status: 503 }), "unreachable"],
  ["does not come", "unreachable", "unreachable"],
];

test.each(CUT)("an answer that %s is asked for again, once", async (_name, first, failure) => {
  const answers = [first];
  const server = new AgentServer(() => answers.pop() ?? run(...words("whole", "Saved.")));
  const page = open(server);
  page.store.send("The title is Hats");
  await vi.waitFor(() => expect(page.store.snapshot().failure).toBe(failure));
  expect(page.texts).toEqual(["The title is Hats"]);
  expect(page.ran).toEqual([]);
  page.store.retry();
  await vi.waitFor(() => expect(page.texts).toEqual(["The title is Hats", "Saved."]));
  await page.idle();
  const [before, again] = server.runs.map(({ messages }) => messages);
  expect(again).toEqual(before);
  expect(page.store.snapshot().failure).toBeNull();
});

test("a token that the API refuses ends the sign-in", async () => {
  const server = new AgentServer(() => new Response("{}", { status: 401 }));
  const page = open(server);
  page.store.send("The title is Hats");
  await vi.waitFor(() => expect(page.expired).toBe("token"));
  expect(page.store.snapshot().failure).toBeNull();
});

test("a thread that cannot be read says so, and is read once it can be", async () => {
  const server = savingServer();
  server.connects = "unreachable";
  const page = open(server);
  await vi.waitFor(() => expect(page.store.snapshot().failure).toBe("unreachable"));
  expect(page.store.snapshot().isConnected).toBe(false);
  server.connects = null;
  page.store.retry();
  await page.idle();
});

const SAID: Message = { id: "said", role: "user", content: "The title is Hats" };
const CALLS: Message = {
  id: "calls said",
  role: "assistant",
  content: "",
  toolCalls: [
    { id: "call said", type: "function", function: { name: "autosaveEventData", arguments: "{}" } },
  ],
};

test("a call that a reload interrupts is run again with its id and revision", async () => {
  const server = savingServer();
  const before = open(server);
  before.runCall = () => new Promise(() => undefined);
  before.store.send("The title is Hats");
  await vi.waitFor(() => expect(before.ran).toHaveLength(1));
  const asked = server.runs[0]?.messages ?? [];
  before.close();
  const [interrupted] = before.ran;

  server.state = { revision: 3, choices: [] };
  server.thread = [
    ...asked,
    { ...CALLS, id: `calls ${asked[0]?.id}`, toolCalls: [interrupted?.call as ToolCall] },
  ];
  const after = open(server);
  await vi.waitFor(() => expect(after.texts.at(-1)).toBe("Saved."));
  expect(after.ran).toEqual(before.ran);
  await after.idle();
});

test("a call whose revision the API does not know has none", async () => {
  const server = savingServer();
  server.state = { revision: null, choices: [] };
  server.thread = [SAID, CALLS];
  const page = open(server);
  await vi.waitFor(() => expect(page.texts.at(-1)).toBe("Saved."));
  expect(page.ran).toMatchObject([{ revision: null }]);
});

test("what was said before a reload and did not arrive is sent after it", async () => {
  let isAway = true;
  const server = new AgentServer(() => (isAway ? "unreachable" : run(...words("whole", "Saved."))));
  const before = open(server);
  before.store.send("The title is Hats");
  await vi.waitFor(() => expect(before.store.snapshot().failure).toBe("unreachable"));
  before.close();
  isAway = false;
  const after = open(server);
  await vi.waitFor(() => expect(after.texts).toEqual(["The title is Hats", "Saved."]));
});

test("an answer that a reload has cut is asked for again", async () => {
  const server = new AgentServer(({ messages }) =>
    messages.length > 1 ? run() : run(...words("answer", "Saved: Title.")),
  );
  new KeptUnfinished("unfinished").set({ asked: "said" });
  server.thread = [SAID, { id: "answer", role: "assistant", content: "Sav" }];
  const page = open(server);
  await vi.waitFor(() => expect(page.texts).toEqual(["The title is Hats", "Saved: Title."]));
});

test("the person stops: nothing goes on, not even after a reload", async () => {
  const server = savingServer();
  const before = open(server);
  before.runCall = (_id, signal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve({ status: 503 })));
  before.store.send("The title is Hats");
  await vi.waitFor(() => expect(before.ran).toHaveLength(1));
  before.store.stop();
  await before.idle();
  expect(server.runs).toHaveLength(1);
  const asked = server.runs[0]?.messages ?? [];
  before.close();

  server.thread = [...asked, { ...CALLS, id: `calls ${asked[0]?.id}` }];
  const after = open(server);
  await after.idle();
  expect(server.runs).toHaveLength(1);
  expect(after.ran).toEqual([]);
  after.store.send("Say hello");
  await vi.waitFor(() => expect(after.texts.at(-1)).toBe("Saved."));
  const told = server.runs[1]?.messages ?? [];
  expect(told.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
  expect(told[2]?.content).toContain("stopped");
});

test("a conversation that is closed and opened again at once goes on", async () => {
  const server = savingServer();
  const page = open(server);
  page.close();
  page.close = page.open(); // as React does in development
  page.store.send("The title is Hats");
  await vi.waitFor(() =>
    expect(page.texts).toEqual(["The title is Hats", "", '{"revision":4}', "Saved."]),
  );
  await page.idle();
  page.close();
  page.close = page.open();
  page.store.send("And the date is 1 May");
  await vi.waitFor(() => expect(page.texts.at(-1)).toBe("Saved."));
  expect(page.ran).toHaveLength(2);
});

test("a question is answered once, and ends when the person stops", async () => {
  const server = savingServer();
  const page = open(server);
  const question = { kind: "publish", callId: "call", publishAt: null } as const;
  page.runCall = () => page.store.ask(question);
  page.store.send("Publish it");
  await vi.waitFor(() => expect(page.store.snapshot().question).toEqual(question));
  page.store.answer({ ...question, callId: "other" }, { confirmed: true });
  expect(page.store.snapshot().question).toEqual(question);
  page.store.stop();
  await page.idle();
  expect(page.store.snapshot().question).toBeNull();
});

test("an answer with an empty run is whole", async () => {
  const server = new AgentServer(() => [STARTED, FINISHED]);
  const page = open(server);
  page.store.send("Hello");
  await page.idle();
  expect(page.store.snapshot().failure).toBeNull();
});
