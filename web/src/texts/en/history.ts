import type { ActionName } from "../../api/generated";
import { inWords } from "./inWords";

/** Changes other than of fields. */
const actions: Partial<Record<ActionName, string>> = {
  restore: "Went back to an earlier revision",
  schedule_publication: "Publication scheduled",
  cancel_publication: "Publication cancelled",
  publication_at_risk: "Scheduled publication at risk",
  fail_publication: "Publication failed",
  publish_event: "Published",
  remind: "Reminder sent",
  abandon: "Abandoned",
  expire: "Closed after a long time without changes",
  session_lost: "Closed because of an error",
};

export const history = {
  heading: "History",
  lead: (day: string) => `Every change since ${day}.`,
  goingBack: "Going back is a change, too, so nothing is lost by it.",
  back: "Back to the form",
  today: "Today",
  yesterday: "Yesterday",
  begun: "Draft begun",
  actions,
  completed: (stage: string) => `${stage} completed`,
  movedOn: (stage: string) => `Moved on to ${stage}`,
  saved: (stage: string) => `${stage}: saved`,
  /** The name of a field behind another word; proper names stay as they are. */
  withinSentence: (name: string) =>
    /^[A-Z][a-z -]+[a-z]$/.test(name) ? name[0]?.toLowerCase() + name.slice(1) : name,
  fieldsOf: (owner: string, fields: string) => `${owner}: ${fields}`,
  stageCount: (count: number) => `${inWords(count)} stages`,
  fieldCount: (count: number) => (count === 1 ? "1 field" : `${count} fields`),
  added: (what: string) => `${what} added`,
  removed: (what: string) => `${what} removed`,
  itself: "Event Wizard",
  someone: "A member",
  revisionWord: "Revision",
  revision: (revision: number) => `Revision ${revision}`,
  todayAt: (time: string) => `today at ${time}`,
  dayAt: (day: string, time: string) => `${day} at ${time}`,
  changedSince: (count: number) =>
    count === 1 ? "One field has changed since." : `${inWords(count)} fields have changed since.`,
  nothingChanged: "Nothing has changed since.",
  choose: "Choose a change to see what has changed since.",
  field: "Field",
  was: "Then",
  isNow: "Now",
  restore: (revision: number) => `Go back to revision ${revision}`,
  proof: "See its proof",
  restoring: "Going back…",
  termsAgain: "The terms must be accepted again after that.",
  notRestored: "It could not be changed back right now. Try again in a moment.",
  earlier: "Show earlier changes",
  earlierNeeded: "To see what it was then, show the earlier changes.",
  empty: "Nothing has changed yet.",
  emptySentence: "As soon as you type, each change is listed here, and you can go back to it.",
  unreachable: "The history cannot be loaded right now.",
  tryAgain: "Try again",
};

/** Values in words, in the history and beside each other. */
export const values = {
  empty: "empty",
  yes: "yes",
  no: "no",
  accepted: "accepted",
  entries: (count: number) => (count === 1 ? "1 entry" : `${count} entries`),
};
