import type { Texts } from "..";
import { inWords } from "./inWords";

export const states = {
  offline: "Keine Verbindung",
  offlineSince: (time: string) => `Keine Verbindung seit ${time}`,
  offlineNothing:
    "Tippe weiter. Was du änderst, bleibt auf diesem Gerät und wird gesendet, sobald die Verbindung wieder da ist.",
  offlineUnsent: (count: number) =>
    count === 1
      ? "Tippe weiter. Eine Änderung bleibt auf diesem Gerät und wird gesendet, sobald die Verbindung wieder da ist."
      : `Tippe weiter. ${inWords(count)} Änderungen bleiben auf diesem Gerät und werden gesendet, sobald die Verbindung wieder da ist.`,
  publishing: "Während der Veröffentlichung nicht zu ändern",
  publishingSentence: "Das dauert einen Moment. Lesen kannst du so lange alles.",
  seePublishing: "Sehen, wie weit es ist",
  published: "Diese Veranstaltung ist veröffentlicht",
  publishedSentence: "Was veröffentlicht ist, bleibt so. Was darin stand, ist hier zu lesen.",
  seePublished: "Zu Seite und Verkäufen",
  expired: (day: string) => `Dieser Entwurf wurde am ${day} geschlossen`,
  expiredSentence:
    "Er wurde nicht rechtzeitig veröffentlicht. Was darin stand, ist noch hier zu lesen.",
  abandoned: (day: string) => `Dieser Entwurf wurde am ${day} aufgegeben`,
  abandonedSentence: "Was darin stand, ist noch hier zu lesen.",
  lost: "Dieser Entwurf wurde durch eine Störung geschlossen",
  lostSentence:
    "Was gesichert war, ist noch hier zu lesen. Kopiere es in einen neuen Entwurf, und mach dort weiter.",
  unsentHere: (count: number) =>
    count === 1
      ? "Eine Änderung wurde vorher nicht gesendet. Sie liegt auf diesem Gerät."
      : `${inWords(count)} Änderungen wurden vorher nicht gesendet. Sie liegen auf diesem Gerät.`,
  copy: "In einen neuen Entwurf kopieren",
  copying: "Kopiert…",
  copyFailed: "Kopieren geht gerade nicht. Versuch es gleich noch einmal.",
  conflict: (who: string | null, count: number) => `${conflictOf(who, count)}, auch du hier`,
  conflictLead: "Nichts ist verloren. Wähle für jedes, oder ",
  conflictLeadOne: "Nichts ist verloren. Wähle, was richtig ist.",
  keepMine: "behalte alle von dir",
  or: " oder ",
  takeTheirs: (who: string | null) => (who === null ? "nimm alle anderen" : `nimm alle von ${who}`),
  end: ".",
  yours: "Deins,",
  yoursSince: (time: string) => `seit ${time} nicht gesendet`,
  theirs: (who: string | null) => (who === null ? "Anderswo," : `Von ${who},`),
  theirsSaved: (time: string) => `gesichert ${time}`,
  theirsSavedNow: "schon gesichert",
  keep: (count: number) =>
    count === 1 ? "So behalten" : `Diese ${inWords(count).toLowerCase()} behalten`,
  goesOut: (revision: number) => `Dann geht deine Änderung als Stand ${revision} hinaus.`,
  nothingGoesOut: "Dann entfällt deine Änderung.",
  alsoChanged: (who: string | null, time: string, fields: string) =>
    `Außerdem${who === null ? "" : ` von ${who}`} um ${time} geändert: ${fields}.`,
  notTouched: (count: number): string =>
    count === 1
      ? "Das hattest du nicht angefasst, deshalb ist es schon hier."
      : "Die hattest du nicht angefasst, deshalb sind sie schon hier.",
  elsewhere: (stage: string) => `Unter ${stage} ist etwas zu wählen.`,
  go: (stage: string) => `Zu ${stage}`,
  unreachable: "Nicht zu erreichen.",
  unreachableSentence:
    "Die Veranstaltung lässt sich gerade nicht laden. Was du vorher getippt hast, ist auf diesem Gerät.",
  failed: "Es hat nicht geladen.",
  failedSentence: "Die Veranstaltung lässt sich gerade nicht zeigen.",
  tryAgain: "Noch einmal",
  loading: "Die Veranstaltung lädt",
} satisfies Texts["states"];

function conflictOf(who: string | null, count: number): string {
  if (who === null)
    return count === 1
      ? "Ein Feld wurde anderswo geändert"
      : `${inWords(count)} Felder wurden anderswo geändert`;
  return count === 1
    ? `${who} hat ein Feld geändert`
    : `${who} hat ${inWords(count).toLowerCase()} Felder geändert`;
}
