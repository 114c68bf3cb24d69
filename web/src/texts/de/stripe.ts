import type { Texts } from "..";

export const stripe = {
  title: {
    not_connected: "Nicht verbunden",
    onboarding: "Stripe braucht noch etwas",
    ready: "Bereit",
    restricted: "Stripe braucht etwas",
    disconnected: "Getrennt",
  },
  unauthorized: "Stripe lässt sich gerade nicht fragen",
  sentence: {
    not_connected: "Bezahlte Tickets brauchen ein Konto bei Stripe. Das Geld geht direkt an dich.",
    onboarding: "Mach es bei Stripe fertig, und komm hierher zurück.",
    ready: "Das Geld für bezahlte Tickets geht auf dieses Konto.",
    restricted: "Vorher lassen sich keine bezahlten Tickets verkaufen.",
    disconnected: "Dieses Konto lässt sich nicht mehr verwenden. Verbinde ein anderes.",
  },
  testMode: "Testbetrieb",
  looked: (time: string) => `angesehen ${time}`,
  connect: "Stripe verbinden",
  carryOn: "Weiter bei Stripe",
  lookAgain: "Noch einmal nachsehen",
  looking: "Sieht nach…",
  disconnect: "Trennen",
  failed: "Stripe ist gerade nicht zu erreichen. Versuch es gleich noch einmal.",
} satisfies Partial<Texts["stripe"]>;
