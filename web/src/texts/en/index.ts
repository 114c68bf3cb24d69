import { common } from "./common";
import { error } from "./errors";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";

export const en = {
  /** The tag of the language, for `lang` and `Intl`. */
  language: "en",
  common,
  error,
  myEvents,
  notFound,
  signIn,
  stages,
  start,
};
