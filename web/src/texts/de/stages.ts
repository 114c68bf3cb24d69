import type { Stage } from "../../stages/stages";
import type { Texts } from "..";

const names: Record<Stage, string> = {
  organizerSetup: "Gastgeber",
  eventSetup: "Veranstaltung",
  venueSetup: "Ort",
  ticketSetup: "Tickets",
  sponsorsMedia: "Sponsoren, Bilder",
  reviewPublish: "Prüfen",
};

export const stages = {
  names,
  shortNames: { ...names, sponsorsMedia: "Sponsoren" },
  position: (number: number) => `${number} von 6`,
  percentDone: (percent: number) => `${percent} Prozent fertig`,
  percent: (percent: number) => `, ${percent} Prozent`,
  done: "Fertig",
  notBegun: "Nicht begonnen",
  notBegunOptional: "Nicht begonnen, freiwillig",
  toCorrect: (count: number) => `${count} zu berichtigen`,
  toCome: (count: number) => (count === 1 ? "1 Sache fehlt" : `${count} Sachen fehlen`),
  checksPass: (percent: number) => `${percent} % bestanden`,
  allChecksPass: "Alles bestanden",
  toChoose: (count: number) => `${count} zu wählen`,
  next: (stage: string) => `Als Nächstes: ${stage}.`,
  waiting: (count: number, stage: string) =>
    count === 1
      ? `Wartet auf dich: ein Feld unter ${stage}.`
      : `Wartet auf dich: ${count} Felder unter ${stage}.`,
  fell: (from: number, ago: string | null, why: string) =>
    `${ago === null ? "Eben" : capitalized(ago)} von ${from} gefallen: ${why}`,
  fellBy: (stage: string) => `Unter ${stage} fehlt jetzt etwas.`,
  nextToCorrect: (count: number, stage: string) =>
    `Als Nächstes: ${count} zu berichtigen unter ${stage}.`,
  nextStripe: (stage: string) => `Als Nächstes: Stripe, unter ${stage}.`,
  onceOut: "100, sobald es veröffentlicht ist.",
  ready: "Alles ist da. Prüfe es, und veröffentliche.",
  backTo: (stage: string) => `Zurück zu ${stage}`,
  continueTo: (stage: string) => `Weiter zu ${stage}`,
  current: "Aktueller Abschnitt",
  open: "Abschnitte",
} satisfies Texts["stages"];

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
