import type { Texts } from "..";

export const fields = {
  optional: "freiwillig",
  up: (name: string) => `${name} nach oben`,
  down: (name: string) => `${name} nach unten`,
  remove: (name: string) => `${name} entfernen`,
  moved: (name: string, place: number, of: number) => `${name}, jetzt ${place} von ${of}`,
  notChosen: "Nicht gewählt",
  date: "Datum",
  lastDate: "Letzter Tag",
  starts: "Beginn",
  ends: "Ende, freiwillig",
  to: "bis",
  zone: "Zeitzone",
  zoneNow: (city: string, time: string, offset: string) => `${city} (jetzt ${time}, ${offset})`,
  onDate: (date: string) => `${date}.`,
  fromTo: (first: string, last: string) => `${first} bis ${last}.`,
  hereFrom: (city: string, start: string) => `In ${city}, wo du bist: ${start}.`,
  hereFromTo: (city: string, start: string, end: string) =>
    `In ${city}, wo du bist: ${start} bis ${end}.`,
  skipped: (time: string) =>
    `Die Uhren überspringen ${time} in jener Nacht. Wähle eine Zeit davor oder danach.`,
  twice: (time: string) => `${time} gibt es in jener Nacht zweimal; gemeint ist das erste Mal.`,
  otherDay: "Es endet an einem anderen Tag",
  sameDay: "Es endet am selben Tag",
} satisfies Texts["fields"];
