import { afterEach, beforeEach, expect, test, vi } from "vitest";

import example from "../../../../examples/hybrid-fashion-show.json";
import type { SessionView } from "../../api/generated";
import { client } from "../../api/generated/client.gen";
import { sessionWith } from "../../test/sessions";
import { begin, beginCopy, copiedSections, exampleSections } from "./beginnings";

const requests: Request[] = [];
let answer: object = {};
/** How many responses get lost. */
let lost = 0;

beforeEach(() => {
  requests.length = 0;
  const fetch = async (request: Request) => {
    requests.push(request);
    if (request.method === "POST" && lost > 0) {
      lost -= 1;
      throw new TypeError("Failed to fetch");
    }
    return Response.json(answer);
  };
  client.setConfig({ baseUrl: "http://localhost", fetch: fetch as typeof globalThis.fetch });
});
afterEach(() => vi.useRealTimers());

/** Every text in some data, with the names that lead to it. */
function texts(value: unknown, at = ""): [string, string][] {
  if (typeof value === "string") return [[at, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => texts(field, `${at}/${name}`));
}

test("the dates of the example are counted from today, also over the end of a year", async () => {
  vi.useFakeTimers({ now: new Date(2026, 11, 20, 23, 30) });
  const { event, ticket } = await exampleSections();
  const days = example.stages.eventSetup.date.in_days;
  const expected = new Date(Date.UTC(2026, 11, 20 + days)).toISOString().slice(0, 10);
  expect(event?.date).toBe(expected);
  for (const [at, text] of texts(ticket).filter(([at]) => /sale(Start|End)$/.test(at)))
    expect(text, at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
});

test("nothing in the example stays relative, and its terms are not accepted", async () => {
  const sections = await exampleSections();
  expect(JSON.stringify(sections)).not.toContain("in_days");
  expect(Object.keys(sections)).not.toContain("review");
});

function viewWith(stages: Record<string, object>): SessionView {
  const names = [
    ...["organizerSetup", "eventSetup", "venueSetup"],
    ...["ticketSetup", "sponsorsMedia", "reviewPublish"],
  ];
  const all = names.map((name) => [name, { data: stages[name] ?? {} }]);
  return { stages: Object.fromEntries(all) } as SessionView;
}

test("a copy leaves out dates, the address of the page, and ids", async () => {
  answer = viewWith({
    organizerSetup: { name: "Studio Halm" },
    eventSetup: {
      title: "Nachtschicht",
      type: "fashion_show",
      date: "2027-02-04",
      endDate: "2027-02-05",
      startTime: "20:00",
      slug: "nachtschicht",
      openingHours: [{ date: "2027-02-04", opens: "10:00", closes: "18:00" }],
      translations: [{ language: "de", title: "Nachtschicht", tiers: { t1: "Stehplatz" } }],
    },
    venueSetup: { mode: "physical", name: "Alte Gießerei" },
    ticketSetup: {
      currency: "eur",
      tiers: [
        {
          id: "t1",
          name: "Standing",
          kind: "paid",
          unit_amount: 2500,
          saleStart: "2026-12-01T10:00",
          saleEnd: "2027-02-04T18:00",
        },
      ],
    },
    reviewPublish: { acceptedTerms: { version: "1", at: "2026-11-01T00:00:00Z" } },
  });
  expect(await copiedSections("session-1")).toEqual({
    organizer: { name: "Studio Halm" },
    event: {
      title: "Nachtschicht",
      type: "fashion_show",
      startTime: "20:00",
      translations: [{ language: "de", title: "Nachtschicht" }],
    },
    venue: { mode: "physical", name: "Alte Gießerei" },
    ticket: {
      currency: "eur",
      tiers: [{ name: "Standing", kind: "paid", unit_amount: 2500 }],
    },
    sponsor: {},
  });
  expect(requests[0]?.url).toBe("http://localhost/v1/sessions/session-1");
});

test("a session is begun with a key, so that a repeat is the same one", async () => {
  answer = { session_id: "session-2" };
  await begin({ event: { title: "Nachtschicht" } }, "key-1");
  const [request] = requests;
  expect(request?.headers.get("idempotency-key")).toBe("key-1");
  expect(await request?.json()).toEqual({ sections: { event: { title: "Nachtschicht" } } });
});

test("a copy of the page has what is shown there, and reads nothing", async () => {
  answer = { ...viewWith({}), session_id: "session-2", current_stage: "eventSetup" };
  const { data } = sessionWith({ eventSetup: { title: "Typed too late", date: "2027-02-04" } });
  await beginCopy("session-1", data);
  const [request, ...others] = requests;
  expect(await request?.json()).toMatchObject({ sections: { event: { title: "Typed too late" } } });
  expect(others).toEqual([]);
});

test("a repeat after a lost response is the same copy, and the next copy is another", async () => {
  answer = { ...viewWith({}), session_id: "session-2", current_stage: "eventSetup" };
  lost = 1;
  await expect(beginCopy("session-1")).rejects.toThrow();
  await beginCopy("session-1");
  expect(location.pathname).toBe("/s/session-2/eventSetup");
  await beginCopy("session-1");

  const keys = requests.flatMap((request) => request.headers.get("idempotency-key") ?? []);
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});
