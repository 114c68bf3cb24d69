/** What a draft's row says in words. */

import type { SessionView, StageErrorView } from "../../api/generated";
import { STAGES } from "../../stages/stages";
import type { Texts } from "../../texts";
import { ago, dateAndTime, longDate, MINUTE, shortDay } from "../../texts/format";

/** Milliseconds after a change in which its time says more than the draft's end. */
const RECENT = 3_600_000;

export function kindDateAndPlace({ stages }: SessionView, texts: Texts): string {
  const { myEvents, language } = texts;
  const { type, date } = stages.eventSetup.data;
  const city = stages.venueSetup.data.address?.city;
  if (!type && !date) return city ? `${myEvents.kindOpen}, ${city}` : myEvents.kindOpen;
  const when = date ? longDate(date, language) : myEvents.dateOpen;
  const parts = [type ? (myEvents.kinds[type] ?? type) : null, city ? `${when}, ${city}` : when];
  return parts.filter((part) => part !== null).join(" · ");
}

/** When it is published, else when it was changed, else until when it is kept. */
export function dateOfDraft(session: SessionView, texts: Texts, now = Date.now()): string {
  const { myEvents, language } = texts;
  const { updated_at, expires_at, publication } = session;
  if (publication.state === "scheduled" && publication.publish_at)
    return myEvents.scheduled(dateAndTime(new Date(publication.publish_at), language));
  const changed = new Date(updated_at);
  const passed = now - changed.getTime();
  if (passed < MINUTE) return myEvents.changedNow;
  if (passed < RECENT) return myEvents.changed(ago(changed, language, now));
  return myEvents.keptUntil(shortDay(new Date(expires_at), language));
}

export type NextThing =
  | {
      words: string;
      /** Whether it is wrong, and not only missing. */
      isWrong: boolean;
    }
  | { error: StageErrorView };

/** The first thing to correct, else the first that is missing, else what the person may do. */
export function nextThing(
  { stages, completion_details, publication }: SessionView,
  texts: Texts,
): NextThing {
  const { myEvents } = texts;
  const step = (words: string, isWrong = false): NextThing => ({ words, isWrong });
  const state = publication.state;
  if (state === "running") return step(myEvents.beingPublished);
  const errors = STAGES.flatMap((stage) =>
    stages[stage].errors.map((error) => ({ ...error, stage })),
  );
  const wrong = errors.find(({ code }) => code !== "missing");
  if (wrong !== undefined) return { error: wrong };
  if (state === "failed") return step(myEvents.notPublished, true);
  if (state === "scheduled") return step(myEvents.isScheduled);
  const missing = errors.find(({ stage }) => stage !== "reviewPublish");
  if (missing !== undefined) {
    const things: Readonly<Record<string, string>> = myEvents.things[missing.stage];
    return step(myEvents.next(things[missing.pointer] ?? texts.stages.names[missing.stage]));
  }
  const open = STAGES.find((stage) => stage !== "reviewPublish" && completion_details[stage] < 100);
  return step(myEvents.next(open === undefined ? myEvents.review : texts.stages.names[open]));
}
