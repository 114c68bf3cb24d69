import type { Texts } from "..";

export const failed: Texts["failed"] = {
  page: "Diese Seite funktioniert nicht.",
  pageSentence:
    "Der Fehler liegt an ihr, nicht an dir. Was du getippt hast, ist auf diesem Gerät. Versuch es noch einmal, oder geh zu deinen Veranstaltungen.",
  notLoaded: "Diese Seite wurde nicht geladen.",
  notLoadedSentence:
    "Die Verbindung ist weg, oder der Wizard wurde eben erneuert. Was du getippt hast, ist auf diesem Gerät.",
  part: "Dieser Teil der Seite lässt sich nicht zeigen.",
  again: "Noch einmal versuchen",
  stillAway: "Noch gibt es keine Verbindung.",
};
