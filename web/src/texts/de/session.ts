import type { SessionTexts } from "..";
import { session as english } from "../en/session";
import { event } from "./event";
import { fieldNames } from "./fieldNames";
import { fields } from "./fields";
import { history, values } from "./history";
import { media } from "./media";
import { organizer } from "./organizer";
import { proof } from "./proof";
import { published, publishing } from "./published";
import { review } from "./review";
import { states } from "./states";
import { stripe } from "./stripe";
import { tickets } from "./tickets";
import { translated } from "./translated";
import { venue } from "./venue";

export const session: SessionTexts = {
  event: translated(english.event, event),
  fieldNames,
  fields: translated(english.fields, fields),
  history: translated(english.history, history),
  media: translated(english.media, media),
  organizer: translated(english.organizer, organizer),
  proof: translated(english.proof, proof),
  published: translated(english.published, published),
  publishing: translated(english.publishing, publishing),
  review: translated(english.review, review),
  states: translated(english.states, states),
  stripe: translated(english.stripe, stripe),
  tickets: translated(english.tickets, tickets),
  values: translated(english.values, values),
  venue: translated(english.venue, venue),
};
