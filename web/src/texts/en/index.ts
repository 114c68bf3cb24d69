import { first } from "./first";
import { session } from "./session";

/** All English texts, for types and tests: pages load the two halves. */
export const en = { ...first, ...session };
