import type { Texts } from "..";
import { inWords } from "./inWords";

export const common = {
  optional: "freiwillig",
  savedField: "gesichert",
  countOf: (count: number, most: number) => `${count} von ${most}`,
  toContent: "Zum Inhalt",
  home: "Event Wizard, meine Veranstaltungen",
  myEvents: "Meine Veranstaltungen",
  product: "Event Wizard",
  history: "Verlauf",
  assistant: "Assistent",
  preview: "Vorschau",
  close: "Schließen",
  untitled: "Noch ohne Titel",
  people: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} hat diese Veranstaltung offen`
      : `${names.join(" und ")} haben diese Veranstaltung offen`,
  save: {
    saving: "Sichert…",
    saved: "Gesichert",
    savedAt: (time: string) => `Gesichert ${time}`,
    kept: "Auf diesem Gerät",
    unkept: "Noch nicht gesichert: Seite offen lassen",
    keptUntilChosen: "Auf diesem Gerät, bis du wählst",
    choose: (conflicts: number) => `${conflicts} zu wählen`,
    refused: (count: number) =>
      count === 1 ? "1 Änderung nicht gesichert" : `${count} Änderungen nicht gesichert`,
    closed: "Nicht zu ändern",
  },
  loading: "Lädt…",
  toCorrect: (count: number) =>
    count === 1 ? "Eine Sache zu berichtigen" : `${inWords(count)} Sachen zu berichtigen`,
} satisfies Texts["common"];
