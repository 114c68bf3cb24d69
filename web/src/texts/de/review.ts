import type { Texts } from "..";
import { inWords } from "./inWords";

export const review = {
  clear: "Nichts steht im Weg.",
  blocked: (count: number) =>
    count === 1 ? "Eine Sache steht im Weg." : `${inWords(count)} Sachen stehen im Weg.`,
  checking: "Wird durchgesehen…",
  lead: "Das wird veröffentlicht. Danach lässt es sich nicht mehr ändern.",
  blocking: (count: number) =>
    count === 1 ? "Eine Sache zu tun" : `${inWords(count)} Sachen zu tun`,
  warnings: (count: number) =>
    count === 1
      ? "Eine Sache, die einen Blick lohnt"
      : `${inWords(count)} Sachen, die einen Blick lohnen`,
  passing: (count: number) =>
    count === 1 ? "Eine Prüfung bestanden" : `${inWords(count)} Prüfungen bestanden`,
  lookedAt: (time: string) => `angesehen ${time}`,
  stageDone: (stage: string) => `${stage} ist vollständig`,
  allStages: "Alle Abschnitte sind vollständig",
  stripeReady: "Stripe kann Geld einziehen und auszahlen",
  stripeTakes: "Stripe kann Geld einziehen",
  ticketsFit: "Die Tickets passen in den Raum",
  places: (tickets: string, places: string) => `${tickets} von ${places} Plätzen`,
  addressFree: "Die Adresse ist frei",
  termsAccepted: "Die Bedingungen sind angenommen",
  change: "Ändern",
  actions: {
    stage_invalid: "Vervollständigen",
    payments_not_ready: "Stripe verbinden",
    payouts_disabled: "Bei Stripe ansehen",
    terms_not_accepted: "Annehmen",
    cover_missing: "Eins hinzufügen",
    alt_text_missing: "Beschreiben",
  },
  inYourZone: (place: string, offset: string) => `In deiner Zeitzone, ${place} (${offset}).`,
  thatIs: (time: string) => `Öffentlich wird es am ${time}.`,
  noTime: "Wähle Tag und Uhrzeit.",
  pastTime: "Diese Zeit ist vorbei. Wähle eine spätere.",
  publishing: "Veröffentlicht…",
  unreachable: "Die Prüfungen gehen gerade nicht.",
  tryAgain: "Noch einmal",
  when: "Wann soll es öffentlich werden?",
  now: "Sobald ich veröffentliche",
  later: "Zu einer Zeit, die ich wähle",
  at: "Öffentlich ab",
  terms: "Ich nehme die Bedingungen für Veranstalter an.",
  publish: "Veröffentlichen",
  schedule: "Dann veröffentlichen",
  correct: (count: number) => (count === 1 ? "Berichtigen" : "Das Erste berichtigen"),
  accept: "Bedingungen annehmen",
  failed: "Es wurde nicht veröffentlicht.",
  undone: "Alles, was angelegt war, wurde zurückgenommen. Was du getippt hast, ist alles hier.",
  nothingDone: "Noch war nichts angelegt. Was du getippt hast, ist alles hier.",
  notReached: "Der Wizard ist nicht zu erreichen.",
  notReachedSentence:
    "Versuch es noch einmal, wenn die Verbindung wieder da ist. Veröffentlicht wird nie zweimal.",
  refused: "Veröffentlichen geht jetzt nicht.",
  problems: {
    publish_failed: "Ein Schritt wurde nicht rechtzeitig fertig.",
    payments_refused: "Stripe hat es abgelehnt.",
    permission_missing:
      "Du darfst für diese Organisation nicht veröffentlichen. Frag ein Mitglied, das es darf.",
    session_closed:
      "Dieser Entwurf ist geschlossen. Kopiere ihn in einen neuen, um zu veröffentlichen.",
    session_lost:
      "Dieser Entwurf wurde durch eine Störung geschlossen. Kopiere ihn in einen neuen, um zu veröffentlichen.",
    revision_conflict:
      "Es wurde in diesem Moment anderswo geändert. Sieh es durch, und veröffentliche noch einmal.",
    rate_limited: "Es waren zu viele Anfragen auf einmal. Versuch es in einer Minute noch einmal.",
  },
  otherProblem: "Der Wizard hat es nicht angenommen. Versuch es gleich noch einmal.",
} satisfies Texts["review"];
