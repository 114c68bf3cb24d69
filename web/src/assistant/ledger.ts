/**
 * What this browser knows of the calls of tools: a call whose result was lost by a reload is repeated
 * exactly as it was sent, and one that has a result is not run again.
 */

import type { JsonObject } from "../session/json";
import { ledgerName } from "../session/ledgers";
import type { Sent } from "../session/outbox";
import type { Stage } from "../stages/stages";
import type { Saved } from "./types";

export interface LedgerEntry {
  /** What a write is based on: the data of its stage as the assistant has read it. */
  base?: { stage: Stage; data: JsonObject };
  /** The request whose outcome is not known. */
  sent?: Sent;
  /** What is being undone. */
  undoes?: readonly Saved[];
  result?: object;
}

/** The part of a browser's storage that a ledger needs. */
export type LedgerStorage = Pick<Storage, "getItem" | "setItem">;

/** Calls whose values may be large: only those without a result have any. */
const KEPT = 20;

export class Ledger {
  /** What the storage does not take, for as long as the page is open. */
  #unstored: Record<string, LedgerEntry> = {};

  constructor(
    private readonly storage: LedgerStorage,
    private readonly name: string,
  ) {}

  entry(callId: string): LedgerEntry {
    return this.#read()[callId] ?? {};
  }

  note(callId: string, entry: LedgerEntry): void {
    const { [callId]: before, ...others } = this.#read();
    const entries = { ...others, [callId]: { ...before, ...entry } };
    this.#write(Object.fromEntries(Object.entries(entries).slice(-KEPT)));
  }

  /** The outcome of a request is known to be none: another one may have the call's key. */
  forgetSent(callId: string): void {
    const { sent: _, ...entry } = this.entry(callId);
    this.#write({ ...this.#read(), [callId]: entry });
  }

  finish(callId: string, result: object): void {
    this.#write({ ...this.#read(), [callId]: { result } });
  }

  #read(): Record<string, LedgerEntry> {
    try {
      const stored = JSON.parse(this.storage.getItem(this.name) ?? "{}") as Record<
        string,
        LedgerEntry
      >;
      return { ...stored, ...this.#unstored };
    } catch {
      return this.#unstored;
    }
  }

  #write(entries: Record<string, LedgerEntry>): void {
    try {
      this.storage.setItem(this.name, JSON.stringify(entries));
      this.#unstored = {};
    } catch {
      this.#unstored = entries;
    }
  }
}

/** What this browser knows of the calls about a session. */
export function ledgerOf(person: string, sessionId: string): Ledger {
  const storage: LedgerStorage = {
    getItem: (name) => localStorage.getItem(name),
    setItem: (name, text) => localStorage.setItem(name, text),
  };
  return new Ledger(storage, ledgerName(person, sessionId));
}
