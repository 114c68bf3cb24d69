import { vi } from "vitest";

import type { JsonObject } from "../../session/json";
import { Browser } from "../../session/model/Browser";
import { ModelApi } from "../../session/model/ModelApi";
import { dataOf, type Sent } from "../../session/outbox";
import type { SessionStore } from "../../session/SessionStore";
import type { Stage } from "../../stages/stages";
import { Ledger, type LedgerStorage } from "../ledger";
import type { WriterHost } from "../Writer";

export const A = { id: "tier-1", name: "A" };
export const B = { id: "tier-2", name: "B" };

const ASSISTANT = 1;
const OTHER = 2;

export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

export function storage(): LedgerStorage {
  const stored = new Map<string, string>();
  return {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => void stored.set(name, text),
  };
}

/** A page of a session, and what an assistant in it needs; `sent` are its requests. */
export async function openPage() {
  const model = new ModelApi({
    eventSetup: { title: "A", summary: "B" },
    ticketSetup: { tiers: [A, B] },
    reviewPublish: {},
  });
  const browser = new Browser(0, model, () => 0);
  await pass(2_000);
  const calls = storage();
  const sent: Sent[] = [];
  const waits = vi.fn();

  function store(): SessionStore {
    const [tab] = browser.tabs;
    if (tab === undefined) throw new Error("no tab");
    return tab.store;
  }

  function host(): WriterHost {
    const api = browser.api(ASSISTANT);
    const save = (request: Sent) => {
      sent.push(request);
      return api.save(request);
    };
    return { store: store(), api: { ...api, save }, ledger: new Ledger(calls, "calls"), waits };
  }

  /** Another person saves fields at once. */
  function saveAsOther(stage: Stage, body: JsonObject): void {
    const { revision } = model;
    const data = dataOf(model.view(), stage);
    model.save(OTHER, { key: crypto.randomUUID(), stage, revision, data, body, entries: [] });
  }

  const data = (stage: Stage = "eventSetup") => dataOf(model.view(), stage);
  return { model, browser, sent, waits, store, host, saveAsOther, data };
}
