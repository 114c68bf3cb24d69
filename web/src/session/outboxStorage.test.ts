import { afterEach, expect, test, vi } from "vitest";

import type { SessionView } from "../api/generated";
import { edited } from "./edits";
import { EMPTY } from "./outbox";
import { changesBetween } from "./outboxChanges";
import { outboxStorage } from "./outboxStorage";
import { withNextSave } from "./saves";
import { unsentOf } from "./unsent";

function view(revision: number): SessionView {
  const stages = { eventSetup: { data: { title: "Old" } } };
  const open = { is_active: true, publication: { state: "none" } };
  return { ...open, revision, stages } as unknown as SessionView;
}

const typed = edited(EMPTY, view(1), "eventSetup", { title: "New" }, 1);
const sending = withNextSave(typed, view(1), "k");

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test("two tabs store what each of them has typed", async () => {
  const [one, other] = [outboxStorage("ada", "1"), outboxStorage("ada", "1")];
  const more = edited(EMPTY, view(1), "eventSetup", { summary: "More" }, 2);
  await Promise.all([
    one.write(changesBetween(EMPTY, typed)),
    other.write(changesBetween(EMPTY, more)),
  ]);

  const { outbox } = await one.read();
  expect(outbox.entries.map(({ path }) => path).sort()).toEqual(["/summary", "/title"]);
});

test("an older view does not replace a newer one", async () => {
  const storage = outboxStorage("ada", "2");
  await storage.writeView(view(5));
  await storage.writeView(view(4));
  expect((await storage.read()).view?.revision).toBe(5);
});

test("what a page leaves in the journal is known to the next page, once", async () => {
  const page = outboxStorage("ada", "3");
  await page.write(changesBetween(EMPTY, typed));
  void page.write(changesBetween(typed, sending));
  page.writeAtOnce();

  const next = outboxStorage("ada", "3");
  expect((await next.read()).outbox.sent?.key).toBe("k");
  await next.write({ set: [], dropped: typed.entries, landings: [], sent: null });
  expect((await outboxStorage("ada", "3").read()).outbox).toEqual(EMPTY);
  expect(localStorage).toHaveLength(0);
});

test("the journal is gone once the database has what it had", async () => {
  const page = outboxStorage("mira", "8");
  const written = page.write(changesBetween(EMPTY, typed));
  page.writeAtOnce();
  expect(localStorage).toHaveLength(1);
  expect(await unsentOf("mira")).toMatchObject([{ sessionId: "8" }]);
  await written;
  expect(localStorage).toHaveLength(0);
  expect((await page.read()).outbox.entries).toEqual(typed.entries);
});

test("a browser without a database keeps text in the journal", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  const { outboxStorage: storageWithout } = await import("./outboxStorage");
  await storageWithout("ada", "9").write(changesBetween(EMPTY, typed));
  expect((await storageWithout("ada", "9").read()).outbox.entries).toEqual(typed.entries);

  localStorage.clear();
  const setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  vi.stubGlobal("localStorage", { setItem });
  await expect(storageWithout("ada", "9").write(changesBetween(EMPTY, typed))).rejects.toThrow();
});

test("the unsent text of a person is listed by session, with its view", async () => {
  const storage = outboxStorage("grace acme", "4");
  await storage.write(changesBetween(EMPTY, typed));
  await storage.writeView(view(1));
  await outboxStorage("grace acme", "5").writeView(view(1));
  await outboxStorage("grace ", "6").write(changesBetween(EMPTY, typed));

  const found = await unsentOf("grace acme");
  expect(found).toMatchObject([{ sessionId: "4", view: { revision: 1 } }]);
  expect(found[0]?.entries).toMatchObject([{ path: "/title", value: "New" }]);
});
