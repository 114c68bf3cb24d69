import { common } from "./common";
import { failed } from "./failed";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";

/** Texts of the pages that people see first. */
export const first = {
  /** The tag of the language, for `lang` and `Intl`. */
  language: "en",
  common,
  failed,
  myEvents,
  notFound,
  signIn,
  stages,
  start,
};
