import type { FirstTexts } from "..";
import { first as english } from "../en/first";

export const first: FirstTexts = { ...english, language: "de" };
