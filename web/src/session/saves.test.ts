import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { withChanges, withView } from "./acknowledged";
import { clashes, resolved } from "./clashes";
import { edited } from "./edits";
import type { JsonObject } from "./json";
import { EMPTY, type Outbox, shownData } from "./outbox";
import { changesBetween, Gone } from "./outboxChanges";
import { accepted, needsResult, refused, withNextSave } from "./saves";

const EDIT = { stage: "eventSetup", at: 1 } as const;
const A = { id: "tier-1", name: "A" };
const B = { id: "tier-2", name: "B", price: "10" };

function view(revision: number, ticket: JsonObject, event: JsonObject = {}): SessionView {
  const stages = { eventSetup: { data: event }, ticketSetup: { data: ticket } };
  const open = { is_active: true, publication: { state: "none" } };
  return { ...open, revision, stages } as unknown as SessionView;
}

function publishing(seen: SessionView): SessionView {
  return { ...seen, publication: { ...seen.publication, state: "running" } };
}

function typed(before: SessionView, ticket: JsonObject, at = 1, outbox = EMPTY): Outbox {
  return edited(outbox, before, "ticketSetup", ticket, at);
}

test("an edit in an element that another person removed waits for a choice", () => {
  const before = view(1, { tiers: [A, B] });
  const after = view(2, { tiers: [A] });
  // A field that had no value yet: its base is as absent as the field is now.
  const outbox = withView(
    typed(before, { tiers: [A, { ...B, description: "Mine" }] }),
    after,
    before,
  );
  const found = clashes(outbox, after);

  expect(found).toMatchObject([
    { theirs: undefined, entry: { path: "/tiers/tier-2", value: { ...B, description: "Mine" } } },
  ]);
  expect(withNextSave(outbox, after, "k").sent).toBeNull();
  const [clash] = found;
  if (clash === undefined) return;
  expect(resolved(outbox, after, clash, "theirs").entries).toEqual([]);
  const mine = withNextSave(resolved(outbox, after, clash, "mine"), after, "k");
  expect(mine.sent?.body).toEqual({ tiers: [A, { ...B, description: "Mine" }] });
});

test("a removed element comes back as it was last, with all that was typed in it", () => {
  const before = view(1, { tiers: [A, B] });
  const priced = view(2, { tiers: [A, { ...B, price: "12" }] });
  const removed = view(3, { tiers: [A] });
  let outbox = typed(before, { tiers: [A, { ...B, name: "Mine", description: "Mine" }] });
  outbox = withView(withView(outbox, priced, before), removed, priced);
  const [clash, ...others] = clashes(outbox, removed);

  expect(others).toEqual([]);
  expect(clash?.entry.value).toEqual({ ...B, price: "12", name: "Mine", description: "Mine" });
});

test("the first element of a list is sent in a list", () => {
  const before = view(1, {});
  const outbox = withNextSave(typed(before, { tiers: [{ name: "First" }] }), before, "k");

  expect(outbox.sent?.body).toEqual({ tiers: [{ name: "First" }] });
  expect(shownData(outbox, before, "ticketSetup")["tiers"]).toMatchObject([{ name: "First" }]);
});

test("what is removed is sent before what is new, which would get its id", () => {
  const before = view(1, { tiers: [A] });
  const outbox = withNextSave(typed(before, { tiers: [{ name: "New" }] }), before, "k");
  expect(outbox.sent?.body).toEqual({ tiers: [] });

  const after = view(2, { tiers: [] });
  const left = accepted(outbox, after, { data: { tiers: [] }, revision: 2 });
  expect(withNextSave(left, after, "l").sent?.body).toEqual({ tiers: [{ name: "New" }] });
});

test("a new element stays behind the one it was put behind, though others are moved", () => {
  const before = view(1, { tiers: [A, B] });
  const outbox = typed(before, { tiers: [A, { name: "New" }, B] });
  const moved = view(2, { tiers: [B, A] });

  expect(clashes(outbox, moved)).toEqual([]);
  expect(withNextSave(outbox, moved, "k").sent?.body).toEqual({ tiers: [B, A, { name: "New" }] });
});

test("two people who move elements are asked, and what they add or remove is no move", () => {
  const C = { id: "tier-3", name: "C" };
  const before = view(1, { tiers: [A, B, C] });
  const outbox = typed(before, { tiers: [C, A, B] });

  expect(clashes(outbox, view(2, { tiers: [A, C] }))).toEqual([]);
  const moved = view(2, { tiers: [B, A, C] });
  expect(clashes(outbox, moved)).toMatchObject([
    { entry: { path: "/tiers/#order" }, theirs: ["tier-2", "tier-1", "tier-3"] },
  ]);
});

test("what was typed during a save is based on the canonical value that was saved", () => {
  const before = view(1, {}, { phone: "" });
  let outbox = edited(EMPTY, before, "eventSetup", { phone: "+33 6 12" }, 1);
  outbox = withNextSave(outbox, before, "k");
  outbox = edited(outbox, before, "eventSetup", { phone: "+33 6 12 34" }, 2);
  expect(needsResult(outbox)).toBe(true);

  const data = { phone: "+33612" };
  const after = view(2, {}, data);
  const left = accepted(outbox, after, { data, revision: 2 });
  expect(left.entries).toMatchObject([{ base: "+33612", value: "+33 6 12 34" }]);
  expect(clashes(left, after)).toEqual([]);
});

test("what was typed during a save does not overwrite a change that came after it", () => {
  const before = view(1, {}, { title: "Old" });
  let outbox = edited(EMPTY, before, "eventSetup", { title: "Mine" }, 1);
  outbox = withNextSave(outbox, before, "k");
  outbox = edited(outbox, before, "eventSetup", { title: "Mine again" }, 2);

  const after = view(3, {}, { title: "Theirs" });
  const left = accepted(outbox, after, { data: { title: "Mine" }, revision: 2 });
  expect(clashes(left, after)).toMatchObject([{ theirs: "Theirs", entry: { base: "Mine" } }]);
});

test("a session that takes no changes is sent nothing, and all of it afterwards", () => {
  const before = view(1, {}, { title: "Old" });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "New" }, 1);

  expect(withNextSave(outbox, publishing(before), "k").sent).toBeNull();
  const left = refused(withNextSave(outbox, before, "k"));
  expect(withNextSave(left, publishing(before), "l").sent).toBeNull();
  expect(withNextSave(left, before, "m").sent?.body).toEqual({ title: "New" });
});

test("a refused value waits until it is changed, and holds up no other field", () => {
  const before = view(1, {}, {});
  const outbox = withNextSave(
    edited(EMPTY, before, "eventSetup", { title: "Bad", summary: "Good" }, 1),
    before,
    "k",
  );
  const title = { stage: "eventSetup", path: "/title" } as const;
  const left = refused(outbox, { code: "invalid_request", paths: [title] });
  expect(withNextSave(left, before, "l").sent?.body).toEqual({ summary: "Good" });

  const mended = edited(left, before, "eventSetup", { title: "Better" }, 2);
  expect(withNextSave(mended, before, "m").sent?.body).toEqual({
    title: "Better",
    summary: "Good",
  });
});

test("fields that were refused together are sent one by one", () => {
  const before = view(1, {}, {});
  const changes = { title: "Long", summary: "Short" };
  let outbox = withNextSave(edited(EMPTY, before, "eventSetup", changes, 1), before, "k");
  outbox = withNextSave(refused(outbox, { code: "payload_too_large", paths: [] }), before, "l");
  expect(outbox.sent?.body).toEqual({ title: "Long" });

  const left = refused(outbox, { code: "payload_too_large", paths: [] });
  expect(withNextSave(left, before, "m").sent?.body).toEqual({ summary: "Short" });
});

test("an edit of another tab that is older than a save is moved onto it", () => {
  const before = view(1, {}, { phone: "" });
  const first = edited(EMPTY, before, "eventSetup", { phone: "+33 6 12" }, 1);
  const leader = withNextSave(first, before, "k");
  // The other tab has not heard of the save yet.
  const late = edited(first, before, "eventSetup", { phone: "+33 6 12 34" }, 2);
  const data = { phone: "+33612" };
  const after = view(2, {}, data);
  const landed = accepted(leader, after, { data, revision: 2 });
  const merged = withChanges(landed, changesBetween(first, late));

  expect(merged.entries).toMatchObject([{ base: "+33612", value: "+33 6 12 34" }]);
  expect(clashes(merged, after)).toEqual([]);
  expect(withChanges(late, changesBetween(leader, landed)).entries).toEqual(merged.entries);
});

test("a tab that does not lead never takes back the save that is on its way", () => {
  const before = view(1, {}, { title: "Old" });
  const other = edited(EMPTY, before, "eventSetup", { summary: "Theirs" }, 1);
  const leader = withNextSave(
    edited(EMPTY, before, "eventSetup", { title: "New" }, 1),
    before,
    "k",
  );

  expect(withChanges(leader, changesBetween(EMPTY, other)).sent).toBe(leader.sent);
});

test("a message that is older than a removal brings nothing back", () => {
  const before = view(1, {}, { title: "Old" });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "New" }, 1);
  const gone = new Gone();
  gone.note(outbox.entries);

  expect(gone.without(changesBetween(EMPTY, outbox)).set).toEqual([]);
  const newer = edited(EMPTY, before, "eventSetup", { title: "Newer" }, 2);
  expect(gone.without(changesBetween(EMPTY, newer)).set).toEqual(newer.entries);
});

test("text on a save that this device has no view of yet is no clash", () => {
  const before = view(2, {}, { phone: "1" });
  const entry = { ...EDIT, path: "/phone", base: "2", baseRevision: 3, value: "3" };
  const outbox = { ...EMPTY, entries: [entry] };
  expect(clashes(outbox, before)).toEqual([]);
  expect(clashes(outbox, view(4, {}, { phone: "4" }))).toMatchObject([{ theirs: "4" }]);
});
