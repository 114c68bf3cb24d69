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
