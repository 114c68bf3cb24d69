import { common } from "./common";
import { error } from "./errors";
import { event } from "./event";
import { fieldNames } from "./fieldNames";
import { fields } from "./fields";
import { history, values } from "./history";
import { media } from "./media";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { organizer } from "./organizer";
import { proof } from "./proof";
import { published, publishing, review } from "./review";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";
import { states } from "./states";
import { stripe } from "./stripe";
import { tickets } from "./tickets";
import { venue } from "./venue";

export const en = {
  /** The tag of the language, for `lang` and `Intl`. */
  language: "en",
  common,
  error,
  event,
  fieldNames,
  fields,
  history,
  media,
  myEvents,
  notFound,
  organizer,
  proof,
  published,
  publishing,
  review,
  signIn,
  stages,
  states,
  start,
  stripe,
  tickets,
  values,
  venue,
};
