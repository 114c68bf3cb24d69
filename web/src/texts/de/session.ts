import type { SessionTexts } from "..";
import { session as english } from "../en/session";

export const session: SessionTexts = { ...english };
