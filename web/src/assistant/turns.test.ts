import { expect, test } from "vitest";

import type { Message } from "./messages";
import { type TurnSources, turnsOf } from "./turns";

const CALL = {
  id: "call",
  type: "function" as const,
  function: { name: "autosaveEventData", arguments: "{}" },
};
const SAVED = { stage: "eventSetup" as const, pointer: "/title", before: null, after: "Hats" };
const KEPT = {
  stage: "eventSetup" as const,
  pointer: "/date",
  wanted: "2027-01-01",
  current: null,
};

function turns(messages: readonly Message[], sources: Partial<TurnSources> = {}) {
  return turnsOf({
    messages,
    queued: [],
    waiting: null,
    didOf: (callId, saved) =>
      saved.map((entry) => ({ ...entry, callId, canUndo: true, isUndone: false })),
    ...sources,
  });
}

const CONVERSATION: readonly Message[] = [
  { id: "said", role: "user", content: "The title is Hats" },
  { id: "calls", role: "assistant", content: "I save it.", toolCalls: [CALL] },
  {
    id: "result",
    role: "tool",
    toolCallId: "call",
    content: JSON.stringify({ revision: 1, saved: [SAVED], kept: [KEPT] }),
  },
  { id: "done", role: "assistant", content: "Saved: Title." },
];

test("an answer, its calls and what follows are one turn", () => {
  expect(turns(CONVERSATION)).toEqual([
    { id: "said", from: "person", text: "The title is Hats", isQueued: false },
    {
      id: "calls",
      from: "assistant",
      text: "I save it.\n\nSaved: Title.",
      did: [{ ...SAVED, callId: "call", canUndo: true, isUndone: false }],
      kept: [{ ...KEPT, callId: "call" }],
      suggestions: null,
      waitsFor: null,
    },
  ]);
});

test("calls without words are no turn, until there is something to show", () => {
  const [said, calls] = CONVERSATION;
  if (said === undefined || calls?.role !== "assistant") throw new Error();
  const silent = [said, { ...calls, content: "" }];
  expect(turns(silent)).toHaveLength(1);
  const place = { stage: "eventSetup" as const, pointer: "/title" };
  const waiting = { callId: "call", ...place };
  expect(turns(silent, { waiting })[1]).toMatchObject({ text: "", waitsFor: place });
});

test("refusals and results of other kinds show nothing", () => {
  const refused = { id: "r", role: "tool" as const, toolCallId: "call", content: '{"status":412}' };
  const broken = { ...refused, content: "Error: cut" };
  for (const result of [refused, broken])
    expect(turns([...CONVERSATION.slice(0, 2), result])[1]).toMatchObject({ did: [], kept: [] });
});

test("suggestions are shown with the newest answer only", () => {
  const name = "suggestVenueDetails";
  const suggesting: Message = {
    id: "suggesting",
    role: "assistant",
    content: "Here:",
    toolCalls: [{ ...CALL, function: { name, arguments: "{}" } }],
  };
  expect(turns([suggesting])[0]).toMatchObject({ suggestions: "venueSetup" });
  const later: Message = { id: "later", role: "user", content: "thanks" };
  expect(turns([suggesting, later])[0]).toMatchObject({ suggestions: null });
});

test("what waits to be sent comes last", () => {
  const queued = [{ id: "next", text: "And the date is 1 May" }];
  expect(turns(CONVERSATION, { queued }).at(-1)).toEqual({
    id: "next",
    from: "person",
    text: "And the date is 1 May",
    isQueued: true,
  });
});
