import type { SessionTexts } from "..";
import { check } from "./checks";
import { error } from "./errors";
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
import { understood } from "./understood";
import { venue } from "./venue";

export const session: SessionTexts = {
  check,
  error,
  event,
  fieldNames,
  fields,
  history,
  media,
  organizer,
  proof,
  published,
  publishing,
  review,
  states,
  stripe,
  tickets,
  understood,
  values,
  venue,
};
