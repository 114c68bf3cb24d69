/** Sentences to begin with, in the assistant's own language, which is English. */

import type { Stage } from "../../stages/stages";

/** What can be said at a stage without naming a value. */
export const SAYINGS: Readonly<Record<Stage, readonly string[]>> = {
  organizerSetup: ["What is missing?", "Any ideas?", "Explain the website"],
  eventSetup: ["What is missing?", "Suggest a title", "Suggest a summary"],
  venueSetup: ["What is missing?", "Any ideas?", "Explain the capacity"],
  ticketSetup: ["What is missing?", "Suggest tickets", "Connect Stripe"],
  sponsorsMedia: ["What is missing?", "Suggest a hashtag", "Continue"],
  reviewPublish: ["What is missing?", "Is everything ready?", "Publish"],
};

/** A sentence with values for fields of a stage. */
export const EXAMPLES: Readonly<Record<Stage, string>> = {
  organizerSetup: "The organizer is Atelier Nord",
  eventSetup: "A pop-up called The Hat Room on 9 May at 7 pm",
  venueSetup: "At Galeria Sul in Lisbon, 300 people",
  ticketSetup: "Add a ticket Standard at 25 euros",
  sponsorsMedia: "Sponsored by Maison Verte",
  reviewPublish: "Publish on 3 May at 10 am",
};
