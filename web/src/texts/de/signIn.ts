import type { Texts } from "..";

export const signIn = {
  heading: "Komm herein.",
  lead: {
    never: "Melde dich an, um eine Veranstaltung zu machen oder eine begonnene weiterzuführen.",
    expired:
      "Du wurdest abgemeldet. Melde dich an und mach weiter; was du getippt hast, ist noch da.",
    left: "Du bist abgemeldet. Melde dich an, um weiterzumachen.",
  },
  action: "Anmelden",
  leaving: "Die Anmeldung öffnet sich…",
  unreachable: "Die Anmeldung ist nicht zu erreichen. Versuch es gleich noch einmal.",
  kept: "Was du vorher getippt hast, liegt auf diesem Gerät und wird gesendet, sobald du wieder da bist.",
  label: "für Schauen, Pop-ups,\nAusstellungen und Premieren",
  failed: "Nicht angemeldet.",
  failedSentence: "Die Anmeldung wurde nicht beendet, oder ihre Seite war zu lange offen.",
} satisfies Texts["signIn"];
