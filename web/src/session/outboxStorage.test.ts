import { expect, test } from "vitest";

import type { SessionView } from "../api/generated";
import { EMPTY, edited } from "./outbox";
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

test("the request of a page that is left is known to the next page, once", async () => {
  const storage = outboxStorage("ada", "3");
  await storage.write(changesBetween(EMPTY, typed));
  if (sending.sent === null) throw new Error("nothing to send");
  storage.writeLast(sending.sent);
  expect((await storage.read()).outbox.sent?.key).toBe("k");

  await storage.write({ set: [], dropped: typed.entries, landings: [], sent: null });
  expect((await storage.read()).outbox).toEqual(EMPTY);
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
