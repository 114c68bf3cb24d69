import type { Texts } from "..";

const things = (count: number) => (count === 1 ? "1 Angabe" : `${count} Angaben`);
const questions = (count: number) => (count === 1 ? "1 Frage" : `${count} Fragen`);
const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const whichDay = (words: string) => `Welcher Tag ist „${words}“?`;

export const understood = {
  heading: "Was wir verstanden haben",
  reading: "Der Satz wird gelesen",
  count: (understood: number, asked: number) =>
    asked === 0 ? things(understood) : `${things(understood)}, ${questions(asked)}`,
  begin: "Damit beginnen",
  isOpen: (subjects: readonly string[]) =>
    subjects.length === 1
      ? `Eine Frage ist offen: ${subjects[0]}.`
      : `${subjects.length} Fragen sind offen: ${subjects.join(", ")}.`,
  nothing: "Nichts wurde verstanden. Sag es mit anderen Worten, oder beginne anders.",
  failed: "Der Satz lässt sich gerade nicht lesen. Er wird als Ganzes der Titel.",
  failedLong: "Der Satz lässt sich gerade nicht lesen, und ist zu lang für einen Titel.",
  unused: (words: string) => `Nicht verwendet: ${words}`,
  change: (label: string) => `Ändern: ${label}`,
  leaveOut: "Weglassen",
  leaveOutOf: (label: string) => `Weglassen: ${label}`,
  isLeftOut: "Weggelassen",
  putBack: "Zurückholen",
  putBackOf: (label: string) => `Zurückholen: ${label}`,
  askAgain: "Noch einmal fragen",
  kind: "Art",
  doors: "Einlass",
  place: "Ort",
  ticket: "Ticket",
  sponsor: "Sponsor",
  number: "Zahl",
  cityTime: (city: string) => `Zeit von ${city}`,
  people: (count: string) => `${count} Personen`,
  daysBefore: (days: string) => `Bis ${days} Tage vorher`,
  assumed: (parts: readonly string[]) => `angenommen: ${parts.join(", ")}`,
  assumptions: {
    month: "der Monat",
    this_year: "dieses Jahr",
    next_year: "nächstes Jahr",
    before_start: "vor dem Beginn",
    after_start: "nach dem Beginn",
    opening_hours: "die Zeiten jedes Tages",
    country_of_city: "das Land",
    zone_of_city: "die Zeitzone",
    zone_of_person: "deine Zeitzone",
    mode_of_place: "vor Ort",
    mode_of_both: "vor Ort und online",
    currency: "die Währung",
    currency_of_session: "die Währung",
    currency_of_country: "die Währung",
    tier_name: "der Name",
    type_of_show: "eine Modenschau",
    title_alone: "alles ist der Titel",
    title_after_type: "der Name ist der Titel",
  },
  questions: {
    half_of_day: (words: string) => `${capitalized(words)} morgens, oder abends?`,
    day_or_month: whichDay,
    which_week: whichDay,
    which_day: whichDay,
    which_city: (words: string) => `Welche Stadt ist „${words}“?`,
    which_currency: (words: string) => `In welcher Währung ist „${words}“?`,
    which_type: (_words: string) => "Was für eine Veranstaltung ist es?",
    which_url: (words: string) => `Welche Seite ist „${words}“?`,
    what_number: (words: string) => `Was bedeutet „${words}“?`,
  },
  subjects: {
    half_of_day: "die Uhrzeit",
    day_or_month: "der Tag",
    which_week: "der Tag",
    which_day: "der Tag",
    which_city: "die Stadt",
    which_currency: "die Währung",
    which_type: "die Art",
    which_url: "die Adresse",
    what_number: "die Zahl",
  },
  options: {
    both_days: "Beide Tage",
    event_page: "Die Seite der Veranstaltung",
    organizer_website: "Die Website des Gastgebers",
    online_access: "Die Übertragung",
  },
  price: (number: string) => `Ein Preis von ${number}`,
} satisfies Texts["understood"];
