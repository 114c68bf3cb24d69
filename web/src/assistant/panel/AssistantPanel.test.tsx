import { fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { WizardState } from "../../session/types";
import { assistantTurn, conversationWith, personTurn } from "../../test/conversations";
import { sessionWith, viewWith } from "../../test/sessions";
import { TextsContext } from "../../texts";
import { assistant as german } from "../../texts/de/assistant";
import { first } from "../../texts/de/first";
import { session as germanSession } from "../../texts/de/session";
import type { Conversation, Did, Kept } from "../types";
import { AssistantPanel } from "./AssistantPanel";

let session: WizardState;
let isWide: boolean;
vi.mock("../../session/SessionContext", () => ({ useSession: () => session }));
vi.mock("../../parts/useMedia", () => ({ useMedia: () => isWide }));

const ID = "00000000-0000-4000-8000-000000000000";
const HOW = "works by rules, without a model";
const close = vi.fn();

beforeEach(() => {
  session = sessionWith({ eventSetup: { title: "Nachtschicht", endTime: "22:30" } });
  isWide = true;
  close.mockReset();
  sessionStorage.clear();
  history.replaceState(null, "", `/s/${ID}/eventSetup`);
});

function show(conversation: Conversation, isRestored = false) {
  return render(
    <>
      <button type="button" aria-controls="assistant">
        Assistant
      </button>
      <AssistantPanel {...{ conversation, isRestored }} how={HOW} onClose={close} />
    </>,
  );
}

const field = () =>
  screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Tell the assistant" });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

function did(changes: Partial<Did> = {}): Did {
  return {
    callId: "call",
    stage: "eventSetup",
    pointer: "/endTime",
    before: null,
    after: "22:30",
    canUndo: true,
    isUndone: false,
    ...changes,
  };
}

test("it says how the assistant works", () => {
  show(conversationWith());

  expect(within(screen.getByRole("dialog", { name: "Assistant" })).getByText(HOW)).toBeTruthy();
});

test("what was said is in a log that is read out politely", () => {
  const turns = [personTurn("It ends at half past ten."), assistantTurn("Saved: **end time**.")];
  show(conversationWith({ turns }));

  const log = screen.getByRole("log");
  expect(log.getAttribute("aria-live")).toBe("polite");
  expect(
    within(log)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual(["YouIt ends at half past ten.", "AssistantSaved: end time."]);
});

test("before the first word, it shows three things to say at the stage", () => {
  const conversation = conversationWith();
  show(conversation);

  const sayings = within(screen.getByRole("list", { name: "Answers" })).getAllByRole("button");
  expect(sayings.map((button) => button.textContent)).toEqual([
    "What is missing?",
    "Suggest a title",
    "Suggest a summary",
  ]);
  press("Suggest a title");
  expect(conversation.send).toHaveBeenCalledWith("Suggest a title");
});

test("a published event has nothing to begin with", () => {
  session = sessionWith({}, {}, viewWith({ publication: { state: "published", steps: [] } }));
  show(conversationWith());

  expect(screen.queryByRole("list", { name: "Answers" })).toBeNull();
});

test("nothing is offered while the thread is read", () => {
  show(conversationWith({ isConnected: false }));

  expect(screen.queryByRole("list", { name: "Answers" })).toBeNull();
  expect(screen.queryByText(/^Say what you want/)).toBeNull();
});

test("a choice is sent as its answer", () => {
  const choices = [
    { label: "07:00 in the morning", answer: "1" },
    { label: "19:00 in the evening", answer: "2" },
  ];
  const conversation = conversationWith({ choices });
  show(conversation);

  press("19:00 in the evening");

  expect(conversation.send).toHaveBeenCalledWith("2");
});

test("Enter sends, and Shift with Enter begins a line", () => {
  const conversation = conversationWith();
  show(conversation);

  fireEvent.change(field(), { target: { value: "  Doors at 6.\nOr 7. " } });
  fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
  expect(conversation.send).not.toHaveBeenCalled();
  fireEvent.keyDown(field(), { key: "Enter" });

  expect(conversation.send).toHaveBeenCalledWith("Doors at 6.\nOr 7.");
  expect(field().value).toBe("");
});

test("Enter that ends the writing of a word does not send", () => {
  const conversation = conversationWith();
  show(conversation);

  fireEvent.change(field(), { target: { value: "夜" } });
  fireEvent.keyDown(field(), { key: "Enter", isComposing: true });

  expect(conversation.send).not.toHaveBeenCalled();
});

test("nothing is sent without a word", () => {
  const conversation = conversationWith();
  show(conversation);

  fireEvent.change(field(), { target: { value: " \n" } });
  press("Send");

  expect(conversation.send).not.toHaveBeenCalled();
});

test("while it works, the field can be used, and there is a way to stop", () => {
  const turns = [personTurn("One."), personTurn("Two.", { isQueued: true })];
  const conversation = conversationWith({ turns, isWorking: true });
  show(conversation);

  expect(field().disabled).toBe(false);
  expect(field().readOnly).toBe(false);
  expect(screen.getByRole("status").textContent).toBe("Working…");
  expect(screen.getByText("Two.").className).toBe("basted");
  expect(screen.getByText("Sent when the assistant has finished.")).toBeTruthy();
  press("Stop");
  expect(conversation.stop).toHaveBeenCalledOnce();
});

test("it says that it works in another tab", () => {
  show(conversationWith({ isElsewhere: true }));

  expect(screen.getByRole("status").textContent).toBe("The assistant is working in another tab.");
});

test.each([
  ["unreachable", /cannot be reached/],
  ["rate_limited", /Too many requests/],
  ["failed", /did not finish/],
] as const)("%s is said, with a way to try again", (failure, sentence) => {
  const conversation = conversationWith({ turns: [personTurn("Hello.")], failure });
  show(conversation);

  expect(screen.getByRole("alert").textContent).toMatch(sentence);
  press("Try again");
  expect(conversation.retry).toHaveBeenCalledOnce();
});

test("what it did is listed by the names of fields, each with undo", () => {
  session = sessionWith({
    eventSetup: { type: "popup" },
    ticketSetup: { currency: "eur", tiers: [{ id: "tier-1", name: "Early bird" }] },
  });
  const price = did({ stage: "ticketSetup", pointer: "/tiers/tier-1/unit_amount", after: 1800 });
  const kind = did({ pointer: "/type", after: "popup" });
  const conversation = conversationWith({
    turns: [assistantTurn("Saved.", { did: [price, kind] })],
  });
  show(conversation);

  const rows = within(screen.getByRole("log")).getAllByRole("listitem").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    "Early bird: price €18.00Undo",
    "Kind of event Pop-upUndo",
  ]);
  press("Undo Early bird: price");
  expect(conversation.undo).toHaveBeenCalledWith(price);
  expect(document.activeElement).toBe(rows[0]);
});

test.each([
  [did({ isUndone: true }), /^Ends 10:30\sPMundone$/],
  [did({ canUndo: false }), /^Ends 10:30\sPM$/],
  [did({ after: null }), "Ends clearedUndo"],
  [
    { callId: "c", stage: "eventSetup", pointer: "/endTime", canUndo: false, isUndone: false },
    "Ends changed",
  ],
  [
    did({ stage: "ticketSetup", pointer: "/tiers/#order", after: ["a", "b"] }),
    /^Order of the tickets changed/,
  ],
  [
    did({ stage: "ticketSetup", pointer: "/tiers/t", after: { name: "VIP", unit_amount: 0 } }),
    "Tickets VIP, freeUndo",
  ],
] as [Did, string | RegExp][])("row %# says what became of it", (one, words) => {
  show(conversationWith({ turns: [assistantTurn("", { did: [one] })] }));

  const row = within(screen.getByRole("log")).getAllByRole("listitem").at(-1);
  expect(row?.textContent).toMatch(words);
});

test("what it left to the person says why, and can still be used", () => {
  const kept: Kept & { callId: string } = {
    callId: "call",
    stage: "eventSetup",
    pointer: "/title",
    wanted: "Night Shift",
    current: "Nachtschicht",
  };
  const conversation = conversationWith({ turns: [assistantTurn("", { kept: [kept] })] });
  const { rerender } = show(conversation);

  const row = screen.getByText(/was changed in the meantime/).closest("li");
  expect(row?.textContent).toContain("The assistant wanted: Night Shift");
  press("Use for Title");
  expect(conversation.use).toHaveBeenCalledWith(kept);

  session = sessionWith({ eventSetup: { title: "Night Shift" } });
  rerender(<AssistantPanel conversation={conversation} how={HOW} onClose={close} />);
  expect(screen.queryByRole("button", { name: "Use for Title" })).toBeNull();
  expect(screen.getByText("used")).toBeTruthy();
});

test("it says which field it waits for", () => {
  const waitsFor = { stage: "eventSetup", pointer: "/title" } as const;
  show(conversationWith({ turns: [assistantTurn("", { waitsFor })], isWorking: true }));

  expect(screen.getByText("Waits while you type in Title.")).toBeTruthy();
});

test("Stripe is opened only after the person has agreed", () => {
  const question = { kind: "connectPayments", callId: "call" } as const;
  const conversation = conversationWith({ turns: [personTurn("Connect Stripe")], question });
  show(conversation);

  press("Connect Stripe");
  expect(conversation.answer).toHaveBeenLastCalledWith(question, { confirmed: true });
  press("Not now");
  expect(conversation.answer).toHaveBeenLastCalledWith(question, { confirmed: false });
});

test("a new conversation is begun by the menu", () => {
  // The test's browser has no popovers.
  HTMLElement.prototype.hidePopover = () => undefined;
  const conversation = conversationWith();
  show(conversation);

  fireEvent.click(screen.getByText("Start a new conversation"));

  expect(conversation.startOver).toHaveBeenCalledOnce();
});

test("the focus goes to the field, and back to the button", () => {
  const { rerender } = show(conversationWith());
  expect(document.activeElement).toBe(field());

  rerender(
    <button type="button" aria-controls="assistant">
      Assistant
    </button>,
  );
  expect(document.activeElement?.textContent).toBe("Assistant");
});

test("a panel that was open before a reload takes no focus", () => {
  show(conversationWith(), true);

  expect(document.activeElement).toBe(document.body);
});

test("Escape closes the panel beside the form", () => {
  show(conversationWith());

  fireEvent.keyDown(field(), { key: "Escape" });

  expect(close).toHaveBeenCalledOnce();
});

test("a link closes the sheet that covers what it leads to, but not the panel beside it", () => {
  const turns = [assistantTurn(`Look at [the title](/s/${ID}/eventSetup#field-title).`)];
  const { unmount } = show(conversationWith({ turns }));
  fireEvent.click(screen.getByRole("link", { name: "the title" }));
  expect(close).not.toHaveBeenCalled();
  unmount();

  isWide = false;
  show(conversationWith({ turns }));
  fireEvent.click(screen.getByRole("link", { name: "the title" }));
  expect(close).toHaveBeenCalledOnce();
});

test("the sheet closes when it is dragged far enough", () => {
  isWide = false;
  show(conversationWith());
  const head = screen.getByRole("heading", { name: "Assistant" });
  const dragTo = (clientY: number) => {
    fireEvent.pointerDown(head, { clientY: 300, pointerId: 1 });
    fireEvent.pointerMove(head, { clientY, pointerId: 1 });
    fireEvent.pointerUp(head, { clientY, pointerId: 1 });
  };

  dragTo(340);
  expect(close).not.toHaveBeenCalled();
  dragTo(500);
  expect(close).toHaveBeenCalledOnce();
});

test("what is typed and not sent stays while the panel is closed", () => {
  const { unmount } = show(conversationWith());
  fireEvent.change(field(), { target: { value: "Doors at" } });
  unmount();

  show(conversationWith());

  expect(field().value).toBe("Doors at");
});

test("a German panel offers German sentences", () => {
  session = sessionWith({}, {}, viewWith());
  const turns = [personTurn("Ende 22:30"), assistantTurn("Gesichert: Ende.", { did: [did()] })];
  const conversation = conversationWith({ turns });
  render(
    <TextsContext value={{ ...first, ...germanSession, assistant: german }}>
      <AssistantPanel conversation={conversation} how={HOW} onClose={close} />
    </TextsContext>,
  );

  expect(screen.getByText("Du")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Ende zurücknehmen" })).toBeTruthy();
  press("Was fehlt?");
  expect(conversation.send).toHaveBeenCalledWith("Was fehlt?");
});
