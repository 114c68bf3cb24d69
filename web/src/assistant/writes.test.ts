import fc from "fast-check";
import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { edited } from "../session/edits";
import { isSame, type JsonObject } from "../session/json";
import { EMPTY, shownData } from "../session/outbox";
import { valueAt } from "../session/paths";
import { landingOf } from "../session/saves";
import { patchTo, undoState } from "./undo";
import { divided, requestOf, resultOf, typedIn, wishOf } from "./writes";

const A = { id: "tier-1", name: "A" };
const B = { id: "tier-2", name: "B", price: "10" };

function view(revision: number, event: JsonObject, ticket: JsonObject = {}): SessionView {
  const stages = { eventSetup: { data: event }, ticketSetup: { data: ticket } };
  return { revision, stages } as unknown as SessionView;
}

/** Which places of a wish may be written. */
function untouched(base: JsonObject, patch: JsonObject, now: JsonObject, outbox = EMPTY) {
  const wish = wishOf("ticketSetup", base, patch);
  return divided(wish, view(2, {}, now), outbox).untouched.map(({ path }) => path);
}

test("a field that another person changed since is not written", () => {
  const wish = wishOf("eventSetup", { title: "A", summary: "B" }, { title: "C", summary: "D" });
  const { untouched, touched } = divided(wish, view(2, { title: "New", summary: "B" }), EMPTY);

  expect(untouched.map(({ path }) => path)).toEqual(["/summary"]);
  expect(touched.map(({ path }) => path)).toEqual(["/title"]);
});

test("a field with unsent text of the person is not written", () => {
  const before = view(1, { title: "A", address: { city: "B" } });
  const outbox = edited(EMPTY, before, "eventSetup", { address: { city: "Mine" } }, 1);
  const wish = wishOf(
    "eventSetup",
    { title: "A", address: { city: "B" } },
    { title: "C", address: { city: "D", line1: "E" } },
  );

  expect(typedIn(wish, outbox, [])).toBe("/address/city");
  expect(typedIn(wish, outbox, outbox.entries)).toBeNull();
  expect(divided(wish, before, outbox).untouched.map(({ path }) => path)).toEqual([
    "/title",
    "/address/line1",
  ]);
});

test("a list is compared by element and field", () => {
  const base = { tiers: [A, B] };
  const patch = {
    tiers: [
      { ...A, name: "Mine" },
      { ...B, price: "12" },
    ],
  };

  expect(untouched(base, patch, { tiers: [B, { ...A, name: "Theirs" }] })).toEqual([
    "/tiers/tier-2/price",
  ]);
  expect(untouched(base, patch, { tiers: [A] })).toEqual(["/tiers/tier-1/name"]);
  expect(untouched(base, { tiers: [A] }, { tiers: [A, { ...B, name: "Theirs" }] })).toEqual([]);
});

test("a field is not added to an element that another person removed", () => {
  const patch = { tiers: [A, { ...B, description: "Mine" }] };
  expect(untouched({ tiers: [A, B] }, patch, { tiers: [A] })).toEqual([]);
});

test("elements without ids are those of the same name, then of the same place", () => {
  const wish = wishOf("ticketSetup", { tiers: [A, B] }, { tiers: [{ name: "B" }, { name: "C" }] });
  const request = requestOf("k", "ticketSetup", wish.changes, view(1, {}, { tiers: [A, B] }));

  expect(request?.body["tiers"]).toMatchObject([{ name: "B" }, { name: "C" }]);
  expect(request?.body["tiers"]).toEqual([{ id: "tier-2", name: "B" }, { name: "C" }]);
});

test("a new element has no id in the request, and its id of the API in the result", () => {
  const before = view(1, {}, { tiers: [A] });
  const wish = wishOf("ticketSetup", { tiers: [A] }, { tiers: [A, { name: "New" }] });
  const request = requestOf("k", "ticketSetup", wish.changes, before);
  expect(request?.body).toEqual({ tiers: [A, { name: "New" }] });
  if (request === null) return;

  const added = { id: "tier-7", name: "New" };
  const after = view(2, {}, { tiers: [A, added] });
  const landing = landingOf(request, after, { data: { tiers: [A, added] }, revision: 2 });
  expect(resultOf(landing, wish, [], after, EMPTY)).toEqual({
    revision: 2,
    saved: [{ stage: "ticketSetup", pointer: "/tiers/tier-7", before: null, after: added }],
    kept: [],
  });
});

test("what the person typed while it was written is kept, and not saved", () => {
  const before = view(1, { title: "A", summary: "B" });
  const wish = wishOf("eventSetup", { title: "A", summary: "B" }, { title: "C", summary: "D" });
  const request = requestOf("k", "eventSetup", wish.changes, before);
  if (request === null) throw new Error("nothing to send");
  const after = view(2, { title: "C", summary: "D" });
  const data = { title: "C", summary: "D" };
  const landing = landingOf(request, after, { data, revision: 2 });
  const outbox = edited(EMPTY, before, "eventSetup", { title: "Mine" }, 1);

  expect(resultOf(landing, wish, [], after, outbox)).toEqual({
    revision: 2,
    saved: [{ stage: "eventSetup", pointer: "/summary", before: "B", after: "D" }],
    kept: [{ stage: "eventSetup", pointer: "/title", wanted: "C", current: "Mine" }],
  });
});

test("values of more than four kilobytes are left out of the result", () => {
  const wish = wishOf("eventSetup", {}, { title: "A", description: "B".repeat(5_000) });
  const before = view(1, { title: "Theirs", description: "Theirs" });
  const { touched } = divided(wish, before, EMPTY);
  expect(resultOf(null, wish, touched, before, EMPTY).kept).toEqual([
    { stage: "eventSetup", pointer: "/title" },
    { stage: "eventSetup", pointer: "/description" },
  ]);
});

const text = fc.constantFrom("A", "B", "C", null);
const fields = fc.record(
  { title: text, summary: text, address: fc.record({ city: text, line1: text }) },
  { requiredKeys: [] },
);
const tiers = fc
  .uniqueArray(fc.constantFrom("tier-1", "tier-2", "tier-3"))
  .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), name: text }))));
const data = fc.record({ fields, tiers });

function stored({ fields, tiers }: { fields: object; tiers: readonly object[] }): JsonObject {
  return JSON.parse(JSON.stringify({ ...fields, tiers })) as JsonObject;
}

test("a write changes no place that was changed since, and each other one as it is wanted", () => {
  fc.assert(
    fc.property(data, data, data, (read, wanted, current) => {
      const now = stored(current);
      const wish = wishOf("ticketSetup", stored(read), stored(wanted));
      const { untouched, touched } = divided(wish, view(2, {}, now), EMPTY);
      const request = requestOf("k", "ticketSetup", untouched, view(2, {}, now));
      const result =
        request === null
          ? now
          : shownData({ ...EMPTY, entries: request.entries }, view(2, {}, now), "ticketSetup");
      for (const { path } of touched)
        if (!path.endsWith("#order"))
          expect(isSame(valueAt(result, path), valueAt(now, path))).toBe(true);
      for (const { path, from, to } of untouched) {
        if (path.endsWith("#order")) continue;
        expect(isSame(valueAt(now, path), from)).toBe(true);
        expect(isSame(valueAt(result, path), to)).toBe(true);
      }
    }),
  );
});

test("what was saved can be taken back as long as it is there", () => {
  fc.assert(
    fc.property(data, data, (before, after) => {
      const wish = wishOf("ticketSetup", stored(before), stored(after));
      const seen = view(1, {}, stored(before));
      const request = requestOf("k", "ticketSetup", wish.changes, seen);
      if (request === null) return;
      const written = shownData({ ...EMPTY, entries: request.entries }, seen, "ticketSetup");
      const now = view(2, {}, written);
      const landing = landingOf(request, now, { data: written, revision: 2 });
      const { saved } = resultOf(landing, wish, [], now, EMPTY);
      let outbox = EMPTY;
      for (const entry of saved) {
        const shown = shownData(outbox, now, "ticketSetup");
        expect(undoState(shown, entry).canUndo).toBe(true);
        const patch = patchTo(shown, entry.pointer, entry.before ?? null);
        outbox = edited(outbox, now, "ticketSetup", patch, 1);
        expect(undoState(shownData(outbox, now, "ticketSetup"), entry).isUndone).toBe(true);
      }
    }),
  );
});
