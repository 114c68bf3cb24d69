import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { withView } from "./acknowledged";
import { clashes, resolved } from "./clashes";
import { edited } from "./edits";
import type { JsonObject } from "./json";
import { EMPTY, shownData } from "./outbox";
import { accepted, refused, withNextSave } from "./saves";

function view(revision: number, event: JsonObject, ticket: JsonObject = {}): SessionView {
  const stages = { eventSetup: { data: event }, ticketSetup: { data: ticket } };
  const open = { is_active: true, publication: { state: "none" } };
  return { ...open, revision, stages } as unknown as SessionView;
}

const tiers = (...names: string[]) =>
  names.map((name, index) => ({ id: `tier-${index + 1}`, name }));

test("an edit is shown, sent as a merge patch, and gone once it is acknowledged", () => {
  const before = view(3, { title: "Old", summary: "Same" });
  const outbox = withNextSave(
    edited(EMPTY, before, "eventSetup", { title: "New" }, 1),
    before,
    "k",
  );

  expect(shownData(outbox, before, "eventSetup")).toEqual({ title: "New", summary: "Same" });
  expect(outbox.sent).toMatchObject({ key: "k", revision: 3, body: { title: "New" } });
  const data = { title: "New", summary: "Same" };
  expect(accepted(outbox, view(4, data), { data, revision: 4 })).toMatchObject({
    entries: [],
    sent: null,
  });
});

test("another field of another person is no clash", () => {
  const before = view(3, { title: "Old" });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "New" }, 1);
  const after = view(4, { title: "Old", summary: "Theirs" });

  expect(clashes(outbox, after)).toEqual([]);
  expect(withNextSave(outbox, after, "k").sent?.body).toEqual({ title: "New" });
});

test("the first element makes a list, whatever was in its place", () => {
  for (const before of [view(3, {}), view(3, {}, { tiers: null }), view(3, {}, { tiers: [] })]) {
    const tier = { id: "new-1" };
    const outbox = edited(EMPTY, before, "ticketSetup", { tiers: [tier] }, 1);
    const named = edited(outbox, before, "ticketSetup", { tiers: [{ ...tier, name: "A" }] }, 2);

    expect(shownData(outbox, before, "ticketSetup")).toEqual({ tiers: [tier] });
    expect(withNextSave(named, before, "k").sent?.body).toEqual({ tiers: [{ name: "A" }] });
  }
});

test("the same field of another person waits for a choice", () => {
  const before = view(3, { title: "Old" });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "Mine" }, 1);
  const after = view(4, { title: "Theirs" });
  const [clash] = clashes(outbox, after);

  expect(clash).toMatchObject({ theirs: "Theirs", entry: { base: "Old", value: "Mine" } });
  expect(withNextSave(outbox, after, "k").sent).toBeNull();
  if (clash === undefined) return;
  expect(resolved(outbox, after, clash, "theirs")).toEqual(EMPTY);
  const mine = resolved(outbox, after, clash, "mine");
  expect(withNextSave(mine, after, "k").sent?.body).toEqual({ title: "Mine" });
});

test("two people change two tiers", () => {
  const before = view(3, {}, { tiers: tiers("A", "B") });
  const outbox = edited(EMPTY, before, "ticketSetup", { tiers: tiers("A", "Mine") }, 1);
  const after = view(4, {}, { tiers: tiers("Theirs", "B") });

  expect(clashes(outbox, after)).toEqual([]);
  expect(withNextSave(outbox, after, "k").sent?.body).toEqual({ tiers: tiers("Theirs", "Mine") });
});

test("a new tier is changed further while it is on its way", () => {
  const before = view(3, {}, { tiers: tiers("A") });
  const first = edited(EMPTY, before, "ticketSetup", { tiers: [...tiers("A"), { name: "S" }] }, 1);
  const sent = withNextSave(first, before, "k");
  expect(sent.sent?.body).toEqual({ tiers: [...tiers("A"), { name: "S" }] });

  const [a, s] = shownData(sent, before, "ticketSetup")["tiers"] as JsonObject[];
  const typed = edited(
    sent,
    before,
    "ticketSetup",
    { tiers: [a, { ...s, name: "Standing" }] as JsonObject[] },
    2,
  );
  const after = view(4, {}, { tiers: tiers("A", "S") });
  const left = accepted(typed, after, { data: { tiers: tiers("A", "S") }, revision: 4 });

  expect(shownData(left, after, "ticketSetup")).toEqual({ tiers: tiers("A", "Standing") });
  expect(left.entries).toMatchObject([{ path: "/tiers/tier-2/name", base: "S" }]);
});

test("a save that had no effect leaves its entries", () => {
  const before = view(3, { title: "Old" });
  const outbox = withNextSave(
    edited(EMPTY, before, "eventSetup", { title: "New" }, 1),
    before,
    "k",
  );

  expect(refused(outbox).entries).toEqual(outbox.entries);
  expect(
    withNextSave(refused(outbox, { code: "payload_too_large", paths: [] }), before, "l").sent,
  ).toBeNull();
});

test("what is typed and taken back is not sent", () => {
  const before = view(3, { title: "Old" });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "New" }, 1);

  expect(edited(outbox, before, "eventSetup", { title: "Old" }, 2)).toEqual(EMPTY);
  expect(withView(outbox, view(4, { title: "New" }), before)).toEqual(EMPTY);
});
