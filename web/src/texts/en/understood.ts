import type { Assumption, QuestionCode } from "../../api/generated";

/** The year is named. */
type AssumptionWord = Exclude<Assumption, "year"> | "this_year" | "next_year" | "currency";

const things = (count: number) => (count === 1 ? "1 thing" : `${count} things`);
const questions = (count: number) => (count === 1 ? "1 question" : `${count} questions`);
const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const whichDay = (words: string) => `Which day is “${words}”?`;

/** What a sentence about an event says, on the page that begins an event. */
export const understood = {
  heading: "What we understood",
  reading: "Reading the sentence",
  count: (understood: number, asked: number) =>
    asked === 0 ? things(understood) : `${things(understood)}, ${questions(asked)}`,
  begin: "Begin with these",
  isOpen: (subjects: readonly string[]) =>
    subjects.length === 1
      ? `One question is open: ${subjects[0]}.`
      : `${subjects.length} questions are open: ${subjects.join(", ")}.`,
  nothing: "Nothing was understood. Try other words, or begin another way.",
  failed: "The sentence cannot be read right now. All of it becomes the title.",
  failedLong: "The sentence cannot be read right now, and is too long for a title.",
  unused: (words: string) => `Not used: ${words}`,
  change: (label: string) => `Change: ${label}`,
  leaveOut: "Leave out",
  leaveOutOf: (label: string) => `Leave out: ${label}`,
  isLeftOut: "Left out",
  putBack: "Put back",
  putBackOf: (label: string) => `Put back: ${label}`,
  askAgain: "Ask again",
  kind: "Kind",
  doors: "Doors",
  place: "Place",
  ticket: "Ticket",
  sponsor: "Sponsor",
  number: "Number",
  cityTime: (city: string) => `${city} time`,
  people: (count: string) => `${count} people`,
  daysBefore: (days: string) => `Until ${days} days before`,
  assumed: (parts: readonly string[]) => `assumed: ${parts.join(", ")}`,
  /** By the code of what was not said. */
  assumptions: {
    month: "the month",
    this_year: "this year",
    next_year: "next year",
    before_start: "before the start",
    after_start: "after the start",
    opening_hours: "the hours of each day",
    country_of_city: "the country",
    zone_of_city: "the time zone",
    zone_of_person: "your time zone",
    mode_of_place: "on site",
    mode_of_both: "on site and online",
    currency: "the currency",
    currency_of_session: "the currency",
    currency_of_country: "the currency",
    tier_name: "the name",
    type_of_show: "a fashion show",
    title_alone: "the whole sentence is the title",
    title_after_type: "the name is the title",
  } satisfies Record<AssumptionWord, string>,
  /** By the code of the question. `words` are those of the sentence. */
  questions: {
    half_of_day: (words: string) => `${capitalized(words)} in the morning, or in the evening?`,
    day_or_month: whichDay,
    which_week: whichDay,
    which_day: whichDay,
    which_city: (words: string) => `Which city is “${words}”?`,
    which_currency: (words: string) => `Which currency is “${words}” in?`,
    which_type: (_words: string) => "What kind of event is it?",
    which_url: (words: string) => `What is at “${words}”?`,
    what_number: (words: string) => `What does “${words}” mean?`,
  } satisfies Record<QuestionCode, (words: string) => string>,
  /** What a question is about, after "One question is open". */
  subjects: {
    half_of_day: "the time",
    day_or_month: "the day",
    which_week: "the day",
    which_day: "the day",
    which_city: "the city",
    which_currency: "the currency",
    which_type: "the kind",
    which_url: "the address",
    what_number: "the number",
  } satisfies Record<QuestionCode, string>,
  /** Options that are words, by their code. */
  options: {
    both_days: "Both days",
    event_page: "The event’s page",
    organizer_website: "The organizer’s website",
    online_access: "The stream",
  },
  price: (number: string) => `A price of ${number}`,
};
