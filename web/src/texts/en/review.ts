import type { CheckCode, ProblemCode, PublicationStepName, SaleState } from "../../api/generated";
import { inWords } from "./inWords";

const steps: Record<PublicationStepName, string> = {
  revalidate: "Checked once more",
  reserve: "Address reserved",
  catalogue: "Tickets and prices at Stripe",
  payment_links: "Payment links at Stripe",
  publish: "Page made public",
};

const doing: Record<PublicationStepName, string> = {
  revalidate: "checking everything once more",
  reserve: "reserving the address",
  catalogue: "setting up tickets and prices at Stripe",
  payment_links: "making payment links at Stripe",
  publish: "making the page public",
};

const saleStates: Record<SaleState, string> = {
  scheduled: "Not yet on sale",
  on_sale: "On sale",
  paused: "Paused",
  sold_out: "Sold out",
  ended: "Ended",
};

/** What a check's link does; otherwise "Change". */
const actions: Partial<Record<CheckCode, string>> = {
  stage_invalid: "Complete it",
  payments_not_ready: "Connect Stripe",
  payouts_disabled: "See at Stripe",
  terms_not_accepted: "Accept them",
  cover_missing: "Add one",
  alt_text_missing: "Describe it",
};

/** Why it is not published, if that is not what the checks found. */
const problems: Partial<Record<ProblemCode, string>> = {
  publish_failed: "A step did not finish in time.",
  payments_refused: "Stripe declined it.",
  permission_missing: "You may not publish for this organization. Ask one of its members who may.",
  session_closed: "This draft is closed. Copy it into a new one to publish it.",
  session_lost: "This draft was closed because of an error. Copy it into a new one to publish it.",
  revision_conflict: "It was changed elsewhere just now. Look it over, and publish again.",
  rate_limited: "There were too many requests at once. Try again in a minute.",
};

export const review = {
  clear: "Nothing stands in the way.",
  blocked: (count: number) =>
    count === 1 ? "One thing stands in the way." : `${inWords(count)} things stand in the way.`,
  checking: "Looking it over…",
  lead: "This is what will be published. It cannot be changed afterwards.",
  blocking: (count: number) => (count === 1 ? "One thing to do" : `${inWords(count)} things to do`),
  warnings: (count: number) =>
    count === 1 ? "One thing worth a look" : `${inWords(count)} things worth a look`,
  passing: (count: number) => (count === 1 ? "One check passes" : `${inWords(count)} checks pass`),
  lookedAt: (time: string) => `checked at ${time}`,
  stageDone: (stage: string) => `${stage} is complete`,
  allStages: "All stages are complete",
  stripeReady: "Stripe is ready to take money and to pay it out",
  stripeTakes: "Stripe is ready to take money",
  ticketsFit: "The tickets fit the room",
  places: (tickets: string, places: string) => `${tickets} of ${places} places`,
  addressFree: "The address is free",
  termsAccepted: "The terms are accepted",
  change: "Change",
  actions,
  unreachable: "The checks cannot be run right now.",
  tryAgain: "Try again",
  when: "When should it go public?",
  now: "As soon as I publish",
  later: "At a time I choose",
  inYourZone: (place: string, offset: string) => `In your time zone, ${place} (${offset}).`,
  thatIs: (time: string) => `It goes public on ${time}.`,
  noTime: "Choose a day and a time.",
  pastTime: "This time has passed. Choose a later one.",
  at: "Public from",
  terms: "I accept the terms for organizers.",
  publish: "Publish",
  publishing: "Publishing…",
  schedule: "Publish at that time",
  correct: (count: number): string => (count === 1 ? "Correct it" : "Correct the first thing"),
  accept: "Accept the terms",
  failed: "It was not published.",
  undone: "Everything that had been set up was undone. Everything you typed is still here.",
  nothingDone: "Nothing had been set up yet. Everything you typed is still here.",
  notReached: "The wizard cannot be reached.",
  notReachedSentence: "Try again when the connection is back. It is never published twice.",
  refused: "It cannot be published now.",
  problems: problems as Readonly<Record<string, string>>,
  otherProblem: "The wizard did not accept it. Try again in a moment.",
};

export const publishing = {
  heading: (title: string) => `Publishing\n${title}`,
  progress: (number: number, of: number, what: string) => `Step ${number} of ${of}: ${what}.`,
  waiting: "It begins in a moment.",
  steps,
  doing,
  kinds: (count: number) => (count === 1 ? "1 kind of ticket" : `${count} kinds of tickets`),
  toCome: "to come",
  now: "now",
  takenBack: "taken back",
  failedStep: "did not work",
  safe: "You may close this page. Publishing continues without you, and every step is safe to repeat.",
  scheduled: (title: string) => `${title} is\u00a0set.`,
  scheduledBand: "Scheduled",
  scheduledFor: (time: string) => `It goes public on ${time}.`,
  scheduledLead:
    "Everything is checked once more at that time. You can go on changing it until then.",
  cancel: "Do not publish",
  notCancelled: "It is still scheduled: the wizard did not answer. Try again.",
  atRisk: "It would not be published as it is.",
  back: "Back to the form",
};

export const published = {
  heading: (title: string) => `${title} is\u00a0out.`,
  lead: (time: string) => `Public since ${time}.`,
  band: "Published",
  /** The way to all events, on the phone. */
  all: "All",
  copy: "Copy link",
  copied: "Copied",
  share: "Share",
  qr: "QR code",
  calendar: "Calendar file",
  openPage: "Open the page",
  closeDialog: "Close",
  qrLabel: (url: string) => `QR code of ${url}`,
  sales: "Sales",
  ticket: "Ticket",
  state: "State",
  sold: "Sold",
  taken: "Taken",
  of: (count: string) => `of ${count}`,
  together: "Together",
  free: "free",
  saleStates,
  pause: "Pause sales",
  resume: "Resume sales",
  close: "Close sales for good",
  closeQuestion: "Close sales for good?",
  closeSentence: "Nobody can buy after that. Open orders expire.",
  keepOpen: "Keep them open",
  paused: "Sales are paused.",
  closed: "Sales are closed.",
  accountLost: "Sales stopped: the Stripe account is no longer connected.",
  over: "The event is over.",
  another: "Make another from this one",
  hidden: "Hidden",
  until: (time: string) => `On sale until ${time}`,
  from: (time: string) => `From ${time}`,
  changeFailed: "The sales could not be changed. Try again.",
  noSales: "Sales cannot be shown right now.",
};
