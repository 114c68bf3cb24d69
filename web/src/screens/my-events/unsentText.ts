/** Unsent text as a file that a person can read. */

import { isObject, type Json } from "../../session/json";
import { ORDER, partsOf, valueAt } from "../../session/paths";
import type { Unsent } from "../../session/unsent";
import { STAGES } from "../../stages/stages";
import type { Texts } from "../../texts";
import { dateAndTime } from "../../texts/format";

/** One block for each event: its title and address, then each field with what was typed. */
export function unsentText(unsent: readonly Unsent[], texts: Texts, origin: string): string {
  return unsent.map((session) => ofSession(session, texts, origin)).join("\n\n\n");
}

/** The title as the person typed it last. */
export function titleOf({ view, entries }: Unsent, texts: Texts): string {
  const typed = entries.find(({ stage, path }) => stage === "eventSetup" && path === "/title");
  const title = typed === undefined ? view?.stages.eventSetup.data.title : typed.value;
  return typeof title === "string" && title !== "" ? title : texts.common.untitled;
}

function ofSession(session: Unsent, texts: Texts, origin: string): string {
  const head = [titleOf(session, texts), `${origin}/s/${session.sessionId}`];
  const stages = STAGES.flatMap((stage) => {
    const entries = session.entries.filter((entry) => entry.stage === stage);
    if (entries.length === 0) return [];
    const data = session.view?.stages[stage].data as Json | undefined;
    const fields = entries.map(({ path, value, at }) => {
      const when = dateAndTime(new Date(at), texts.language);
      return `${named(path, data)} (${when})\n${indented(typed(value, texts))}`;
    });
    return [`${texts.stages.names[stage]}\n\n${fields.join("\n\n")}`];
  });
  return [head.join("\n"), ...stages].join("\n\n");
}

/** A place in words: an element of a list by its name, a field by the words of its own. */
function named(path: string, data: Json | undefined): string {
  const parts = partsOf(path);
  return parts
    .map((part, index) => {
      const element = valueAt(data, `/${parts.slice(0, index + 1).join("/")}`);
      const name = isObject(element) ? element["name"] : undefined;
      return typeof name === "string" ? name : part;
    })
    .map((part) =>
      part
        .replace(ORDER, "order")
        .replace(/([a-z])([A-Z])/g, "$1 $2")
        .toLowerCase(),
    )
    .join(", ");
}

function typed(value: Json | undefined, { myEvents }: Texts): string {
  if (value === undefined || value === null || value === "") return myEvents.emptied;
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
