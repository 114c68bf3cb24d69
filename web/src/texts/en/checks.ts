import { type CheckTexts, checkSentencesOf } from "../checkTexts";
import { error } from "./errors";
import { stages } from "./stages";

const texts: CheckTexts = {
  stage_invalid: ({ stage, errors, first }) =>
    errors === 1 ? `${stage}: ${first}` : `${stage} has ${errors} things to correct. ${first}`,
  "event_not_in_future.publish_at":
    "The event is over before it goes public. Choose an earlier time to publish.",
  payments_not_ready: "Paid tickets need a Stripe account that is ready.",
  "payments_not_ready.not_connected":
    "Paid tickets need an account at Stripe. Connect one, or offer free tickets only.",
  "payments_not_ready.onboarding":
    "The account at Stripe is not set up yet. Finish it there, or offer free tickets only.",
  "payments_not_ready.restricted":
    "Stripe has restricted the account. Give Stripe what it asks for, or offer free tickets only.",
  "payments_not_ready.rejected":
    "Stripe does not allow the account to accept payments. Ask Stripe why, or offer free tickets only.",
  "payments_not_ready.unauthorized":
    "The account at Stripe cannot be checked, because Stripe does not accept the wizard’s own key. Ask support, or offer free tickets only.",
  "payments_not_ready.unknown":
    "Paid tickets need an account at Stripe. It has not been checked yet: publishing checks it first.",
  "payments_not_ready.disconnected":
    "The account at Stripe is no longer connected. Connect one, or offer free tickets only.",
  no_tier_for_sale: "No ticket can be bought. Make one visible, or extend its sale.",
  sale_over:
    "The sale of this ticket ends before the event goes public. Choose a later end, or remove the ticket.",
  "capacity_exceeded.venue":
    "There are more tickets than the venue holds. Remove some, or raise its capacity.",
  access_incomplete: "The access of the tickets does not match the venue.",
  "access_incomplete.online_missing":
    "The event is on site and online, but no ticket gives access online.",
  "access_incomplete.in_person_missing":
    "The event is on site and online, but no ticket gives access on site.",
  "access_incomplete.venue_is_physical":
    "This ticket includes online access, but the event is on site only.",
  "access_incomplete.venue_is_virtual":
    "This ticket includes access on site, but the event is online only.",
  slug_taken: "Another event uses this address. Choose another one.",
  terms_not_accepted: "Accept the terms.",
  "terms_not_accepted.outdated": "Accept the terms again after your last change.",
  not_allowed: "You may not publish for this organization. Ask one of its members who may.",
  cover_missing: "The event has no picture.",
  alt_text_missing: "A picture has no description for people who cannot see it.",
  event_has_begun: "The event has already begun. It can be published until it is over.",
  "event_has_begun.publish_at":
    "The event begins before it goes public. Choose an earlier time to publish.",
  sale_opens_late: "The sale starts after the event does. Choose an earlier start.",
  translation_unused: "A translation names a ticket that no longer exists. Remove the name.",
  payouts_disabled: "Stripe cannot pay out to the account yet, and keeps the money until then.",
  currency_differs: ({ currency }) =>
    `Stripe converts what is paid to ${currency}, the currency of your account.`,
};

/** The sentence of a check. */
export const check = checkSentencesOf({ texts, stages: stages.names, error });
