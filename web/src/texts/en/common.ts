import { inWords } from "./inWords";

export const common = {
  optional: "optional",
  savedField: "saved",
  countOf: (count: number, most: number) => `${count} of ${most}`,
  toContent: "Skip to content",
  home: "Event Wizard, my events",
  product: "Event Wizard",
  history: "History",
  assistant: "Assistant",
  myEvents: "My events",
  preview: "Preview",
  close: "Close",
  untitled: "No title yet",
  people: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} has this event open`
      : `${names.join(" and ")} have this event open`,
  save: {
    saving: "Saving…",
    saved: "Saved",
    savedAt: (time: string) => `Saved ${time}`,
    kept: "Kept on this device",
    unkept: "Not saved yet: keep this page open",
    keptUntilChosen: "Kept on this device until you choose",
    choose: (conflicts: number) => `${conflicts} to choose`,
    refused: (count: number) => (count === 1 ? "1 change not saved" : `${count} changes not saved`),
    closed: "Closed for changes",
  },
  loading: "Loading…",
  toCorrect: (count: number) =>
    count === 1 ? "One thing to correct" : `${inWords(count)} things to correct`,
};
