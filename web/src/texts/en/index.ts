import { assistant } from "./assistant";
import { first } from "./first";
import { session } from "./session";

/** All English texts, for types and tests: pages load them in parts. */
export const en = { ...first, ...session, assistant };
