import { inWords } from "./inWords";

export const states = {
  offline: "No connection",
  offlineSince: (time: string) => `No connection since ${time}`,
  offlineNothing:
    "Keep typing. Your changes are kept on this device and sent when the connection is back.",
  offlineUnsent: (count: number) =>
    count === 1
      ? "Keep typing. One change is kept on this device and is sent when the connection is back."
      : `Keep typing. ${inWords(count)} changes are kept on this device and are sent when the connection is back.`,
  publishing: "Closed for changes while it is published",
  publishingSentence: "That takes a few moments. You can read everything in the meantime.",
  seePublishing: "See the progress",
  published: "This event is published",
  publishedSentence: "What was published stays as it is. Its content is here to read.",
  seePublished: "To its page and sales",
  expired: (day: string) => `This draft was closed on ${day}`,
  expiredSentence: "It was not published in time. Its content is still here to read.",
  abandoned: (day: string) => `This draft was abandoned on ${day}`,
  abandonedSentence: "Its content is still here to read.",
  lost: "This draft was closed because of an error",
  lostSentence:
    "What was saved is still here to read. Copy it into a new draft, and continue there.",
  unsentHere: (count: number) =>
    count === 1
      ? "One earlier change was not sent. It is kept on this device."
      : `${inWords(count)} earlier changes were not sent. They are kept on this device.`,
  copy: "Copy into a new draft",
  copying: "Copying…",
  copyFailed: "It could not be copied right now. Try again in a moment.",
  /** `who` is null if it is not known, or the person at another device. */
  conflict: (who: string | null, count: number) =>
    `${conflictOf(who, count)} that you changed here, too`,
  conflictLead: "Nothing is lost. Choose for each, or ",
  conflictLeadOne: "Nothing is lost. Choose what is right.",
  keepMine: "keep all of mine",
  or: " or ",
  takeTheirs: (who: string | null) =>
    who === null ? "take all of the others" : `take all of ${possessive(who)}`,
  end: ".",
  yours: "Yours,",
  yoursSince: (time: string) => `not sent since ${time}`,
  theirs: (who: string | null) => (who === null ? "Elsewhere," : `${possessive(who)},`),
  theirsSaved: (time: string) => `saved ${time}`,
  theirsSavedNow: "saved already",
  keep: (count: number) =>
    count === 1 ? "Keep this one" : `Keep these ${inWords(count).toLowerCase()}`,
  goesOut: (revision: number) => `Then your edit goes out as revision ${revision}.`,
  nothingGoesOut: "Then your edit is dropped.",
  alsoChanged: (who: string | null, time: string, fields: string) =>
    `Also changed${who === null ? "" : ` by ${who}`} at ${time}: ${fields}.`,
  notTouched: (count: number): string =>
    count === 1
      ? "You had not edited it, so it is already here."
      : "You had not edited them, so they are already here.",
  elsewhere: (stage: string) => `There is something to choose under ${stage}.`,
  go: (stage: string) => `To ${stage}`,
  unreachable: "Cannot be reached.",
  unreachableSentence:
    "The event cannot be loaded right now. What you typed before is kept on this device.",
  failed: "It did not load.",
  failedSentence: "The event cannot be shown right now.",
  tryAgain: "Try again",
  loading: "Loading the event",
};

function conflictOf(who: string | null, count: number): string {
  if (who === null)
    return count === 1
      ? "A field was changed elsewhere"
      : `${inWords(count)} fields were changed elsewhere`;
  return count === 1
    ? `${who} changed a field`
    : `${who} changed ${inWords(count).toLowerCase()} fields`;
}

function possessive(name: string): string {
  return /[sxz]$/i.test(name) ? `${name}’` : `${name}’s`;
}
