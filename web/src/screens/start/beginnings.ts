/** What a new event can begin with. */

import { ApiProblem, unwrap } from "../../api/client";
import {
  createSession,
  getSession,
  type InitialSections,
  type SessionView,
} from "../../api/generated";
import { navigate, paths } from "../../app/router";
import { isObject, type Json } from "../../session/json";
import type { WizardState } from "../../session/types";
import { type Drafts, SECTIONS, type Stage } from "../../stages/stages";

type DataOf = WizardState["data"];

/** Creates a session with data. `key` makes a repeat harmless. */
export function begin(sections: InitialSections, key: string): Promise<SessionView> {
  const headers = { "idempotency-key": key };
  return unwrap(createSession({ body: { sections }, headers }));
}

/** The keys of copies whose response is not there yet, by the session that is copied. */
const keys = new Map<string, string>();

/**
 * Begins a copy of an earlier event, and goes to it. A repeat after a lost response is the same copy.
 * `shown` is the data on the page: it may have text that was never sent, and of a session that was
 * lost nothing can be read.
 */
export async function beginCopy(sessionId: string, shown?: DataOf): Promise<void> {
  const sections = shown === undefined ? await copiedSections(sessionId) : copyOf(shown);
  const key = keys.get(sessionId) ?? crypto.randomUUID();
  keys.set(sessionId, key);
  try {
    const copy = await begin(sections, key);
    keys.delete(sessionId);
    navigate(paths.stage(copy.session_id, copy.current_stage));
  } catch (failure) {
    if (!(failure instanceof ApiProblem && failure.isUnreachable)) keys.delete(sessionId);
    throw failure;
  }
}

/** The data of a finished show, with dates from today on. */
export async function exampleSections(): Promise<InitialSections> {
  const { default: example } = await import("../../../../examples/hybrid-fashion-show.json");
  const stages = withDates(example.stages as unknown as Json, new Date());
  return sectionsOf((stage) => (stages as Record<string, Json>)[stage]);
}

/** A copy of an earlier event, as it is saved. */
export async function copiedSections(sessionId: string): Promise<InitialSections> {
  const { stages } = await unwrap(getSession({ path: { session_id: sessionId } }));
  return copyOf((stage) => stages[stage].data as Drafts[typeof stage]);
}

/**
 * A copy without what is the event's alone: dates, address and sale windows. Tickets get ids of their
 * own, so that the translations of their names, which name the ids, are left out.
 */
function copyOf(dataOf: DataOf): InitialSections {
  const {
    date: _date,
    endDate: _end,
    slug: _slug,
    openingHours: _hours,
    translations,
    ...event
  } = dataOf("eventSetup");
  const tickets = dataOf("ticketSetup");
  const tiers = tickets.tiers?.map(
    ({ id: _id, saleStart: _start, saleEnd: _end, ...tier }) => tier,
  );
  const copied: Partial<Record<Stage, Json>> = {
    organizerSetup: dataOf("organizerSetup") as Json,
    eventSetup: {
      ...event,
      ...(translations && { translations: translations.map(({ tiers: _, ...texts }) => texts) }),
    } as Json,
    venueSetup: dataOf("venueSetup") as Json,
    ticketSetup: { ...tickets, ...(tiers && { tiers }) } as Json,
    sponsorsMedia: dataOf("sponsorsMedia") as Json,
  };
  return sectionsOf((stage) => copied[stage]);
}

function sectionsOf(dataOf: (stage: Stage) => Json | undefined): InitialSections {
  const entries = Object.entries(SECTIONS).flatMap(([section, stage]) => {
    const data = dataOf(stage);
    // The terms are accepted by the person, not by an example.
    return data === undefined || stage === "reviewPublish" ? [] : [[section, data]];
  });
  return Object.fromEntries(entries) as InitialSections;
}

/** Examples have relative dates: `{in_days: 45}`, or `{in_days: 45, at: "18:00"}`. */
function withDates(value: Json, today: Date): Json {
  if (Array.isArray(value)) return value.map((element) => withDates(element, today));
  if (!isObject(value)) return value;
  if (typeof value["in_days"] !== "number")
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, withDates(field, today)]),
    );
  const day = new Date(today);
  day.setDate(day.getDate() + value["in_days"]);
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((number) => String(number).padStart(2, "0"))
    .join("-");
  return typeof value["at"] === "string" ? `${date}T${value["at"]}` : date;
}
