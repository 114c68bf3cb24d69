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
    "Stripe does not let the account take payments. Ask Stripe why, or offer free tickets only.",
  "payments_not_ready.unauthorized":
    "The account at Stripe cannot be looked at, because Stripe refuses the wizard’s own key. Ask support, or offer free tickets only.",
  "payments_not_ready.unknown":
    "Paid tickets need an account at Stripe. It has not been looked at yet: publishing looks first.",
  "payments_not_ready.disconnected":
    "The account at Stripe is no longer connected. Connect one, or offer free tickets only.",
  no_tier_for_sale: "No ticket can be bought. Show one, or let its sale last longer.",
  sale_over:
    "The sale of this ticket is over before the event goes public. Let it end later, or remove the ticket.",
  "capacity_exceeded.venue":
    "There are more tickets than the place holds. Take some off, or raise its capacity.",
  access_incomplete: "The tickets do not let people in the way the venue does.",
  "access_incomplete.online_missing":
    "The event is on site and online, and no ticket lets people in online.",
  "access_incomplete.in_person_missing":
    "The event is on site and online, and no ticket lets people in on site.",
  "access_incomplete.venue_is_physical": "This ticket is for online, too; the event is on site.",
  "access_incomplete.venue_is_virtual": "This ticket is for on site, too; the event is online.",
  slug_taken: "Another event has this address. Choose another one.",
  terms_not_accepted: "Accept the terms after your last change.",
  not_allowed: "You may not publish for this organization. Ask one of its members who may.",
  cover_missing: "The event has no picture.",
  alt_text_missing: "A picture has no words for people who do not see it.",
  event_has_begun: "The event has begun already. It can be published until it is over.",
  "event_has_begun.publish_at":
    "The event begins before it goes public. Choose an earlier time to publish.",
  sale_opens_late: "The sale begins after the event does. Let it begin earlier.",
  translation_unused: "A translation names a ticket that is not there any more. Remove the name.",
  payouts_disabled: "Stripe cannot pay out to the account yet, and keeps the money until then.",
  currency_differs: ({ currency }) =>
    `Stripe converts what is paid to ${currency}, the currency of your account.`,
};

/** The sentence of a check. */
export const check = checkSentencesOf({ texts, stages: stages.names, error });
