import { common } from "./common";
import { error } from "./errors";
import { notFound } from "./notFound";
import { signIn } from "./signIn";
import { stages } from "./stages";

export const en = {
  /** The tag of the language, for `lang` and `Intl`. */
  language: "en",
  common,
  error,
  notFound,
  signIn,
  stages,
};
