import type { Texts } from "..";

export const notFound = {
  heading: "Nicht hier.",
  page: "Unter dieser Adresse gibt es keine Seite.",
  session: "Diese Veranstaltung gibt es nicht, oder sie gehört jemand anderem.",
  action: "Zu meinen Veranstaltungen",
} satisfies Texts["notFound"];
