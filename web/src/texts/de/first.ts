import type { FirstTexts } from "..";
import { first as english } from "../en/first";
import { common } from "./common";
import { error } from "./errors";
import { myEvents } from "./myEvents";
import { notFound } from "./notFound";
import { signIn } from "./signIn";
import { stages } from "./stages";
import { start } from "./start";
import { translated } from "./translated";

export const first: FirstTexts = {
  language: "de",
  common: translated(english.common, common),
  error,
  myEvents: translated(english.myEvents, myEvents),
  notFound: translated(english.notFound, notFound),
  signIn: translated(english.signIn, signIn),
  stages: translated(english.stages, stages),
  start: translated(english.start, start),
};
