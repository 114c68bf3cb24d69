import type { Texts } from "..";

export const organizer = {
  question: "Wer lädt ein?",
  lead: "Einen Namen braucht es. Der Rest hilft den Gästen, der Einladung zu trauen.",
  name: "Dein Name, oder der des Labels",
  nameHint: "Er steht klein über dem Titel der Veranstaltung.",
  organization: "Firma",
  organizationHint: "Sie steht dort statt deines Namens.",
  email: "E-Mail für Fragen",
  emailHint: (email: string) => `Ohne Angabe gilt ${email}.`,
  phone: "Telefon",
  phoneHint: "Mit der Vorwahl des Landes, etwa +49\u00a030\u00a0123456.",
  website: "Website",
  bio: "Über dich",
  bioHint: "Ein paar Sätze für Menschen, die dich noch nicht kennen.",
  more: "Logo und Profile",
  logo: "Logo",
  socials: {
    instagram: "Instagram",
    tiktok: "TikTok",
    x: "X",
    youtube: "YouTube",
    linkedin: "LinkedIn",
    pinterest: "Pinterest",
    facebook: "Facebook",
  },
  socialHint: "Ein Name wie @atelier, oder die Adresse des Profils.",
} satisfies Texts["organizer"];
