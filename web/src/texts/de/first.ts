import type { FirstTexts } from "..";
import { common } from "./common";
import { failed } from "./failed";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";

export const first: FirstTexts = {
  language: "de",
  common,
  failed,
  myEvents,
  notFound,
  signIn,
  stages,
  start,
};
