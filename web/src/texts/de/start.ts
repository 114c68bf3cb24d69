import type { Texts } from "..";

export const start = {
  title: "Neue Veranstaltung",
  heading: "Beschreibe deine Veranstaltung",
  hint: "In deinen Worten: was, wann, wo, für wie viele, was es kostet. Nichts wird gesichert, bevor du es sagst.",
  beginning: "Beginnt…",
  notLoaded: "Deine früheren Veranstaltungen lassen sich gerade nicht laden.",
  otherWays: "Oder anders beginnen",
  empty: "Leer",
  emptySentence: "Sechs kurze Abschnitte, in beliebiger Reihenfolge.",
  earlier: "Aus einer früheren Veranstaltung",
  earlierSentence: "Übernimmt Gastgeber, Ort und Tickets; Termine bleiben offen.",
  example: "Ein Beispiel ansehen",
  exampleSentence: "Eine fertige Schau, die du auseinandernehmen kannst.",
  noEarlier: "Noch gibt es keine frühere Veranstaltung.",
  choose: "Welche Veranstaltung?",
  failed: "Die Veranstaltung ließ sich nicht beginnen. Versuch es noch einmal.",
} satisfies Texts["start"];
