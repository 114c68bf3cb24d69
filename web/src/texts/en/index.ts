import { common } from "./common";
import { error } from "./errors";
import { event } from "./event";
import { fields } from "./fields";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { organizer } from "./organizer";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";
import { venue } from "./venue";

export const en = {
  /** The tag of the language, for `lang` and `Intl`. */
  language: "en",
  common,
  error,
  event,
  fields,
  myEvents,
  notFound,
  organizer,
  signIn,
  stages,
  start,
  venue,
};
