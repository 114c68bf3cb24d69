import { type ErrorTexts, sentencesOf } from "../errorTexts";
import { fieldNames } from "./fieldNames";

const texts: ErrorTexts = {
  missing: ({ field }) => `${field}: Das fehlt noch.`,
  "missing /title": "Gib der Veranstaltung einen Titel.",
  "missing /type": "Sag, was für eine Veranstaltung es ist.",
  "missing /date": "Sag, wann sie ist.",
  "missing /startTime": "Sag, wann sie beginnt.",
  "missing /timezone": "Wähle die Zeitzone der Veranstaltung.",
  "missing /name": "Gib einen Namen an.",
  "missing /mode": "Sag, wie die Gäste kommen.",
  "missing /url": "Gib den Link zur Übertragung an.",
  "missing /address/country": "Wähle das Land.",
  "missing /tiers/*/name": "Gib dem Ticket einen Namen.",
  "missing /tiers/*/unit_amount": "Gib dem Ticket einen Preis, oder mach es kostenlos.",
  "missing /tiers/*/quantity": "Sag, wie viele es gibt.",
  "missing /sponsors/*/name": "Gib den Namen des Sponsors an.",
  "missing /media/gallery/*/alt": "Sag, was auf dem Bild zu sehen ist.",
  "missing /acceptTerms": "Die Bedingungen müssen angenommen werden.",
  "missing /acceptedTerms": "Die Bedingungen müssen angenommen werden.",
  "missing.place": "Gib eine Straße, eine Stadt oder die genaue Lage an.",
  "missing.list": "Füge mindestens einen Eintrag hinzu.",
  "missing /tiers": "Füge ein Ticket hinzu. Es darf kostenlos sein.",
  invalid_type: ({ field }) => `${field}: Das lässt sich nicht verwenden. Gib es neu ein.`,
  "invalid_type.integer": "Gib eine ganze Zahl an.",
  "invalid_type.number": "Gib eine Zahl an.",
  invalid_format: ({ field }) => `${field}: Das ist nicht vollständig oder nicht richtig.`,
  "invalid_format.date": "Gib einen Tag an, den es gibt, mit Jahr.",
  "invalid_format.time": "Gib eine Uhrzeit an, etwa 19:30.",
  "invalid_format.local_date_time": "Gib einen Tag und eine Uhrzeit an.",
  "invalid_format.url": "Nimm eine Adresse mit https; vor anderen warnen Browser die Gäste.",
  "invalid_format.picture_url": "Lade das Bild hoch, oder nimm eine Adresse mit https.",
  "invalid_format.social":
    "Gib einen Namen wie @atelier an, oder die Adresse des Profils, mit https.",
  "invalid_format.email": "Gib eine E-Mail-Adresse an, etwa name@example.com.",
  "invalid_format.phone": "Beginne mit der Vorwahl des Landes, etwa +49 30 123456.",
  "invalid_format.language": "Wähle eine Sprache aus der Liste.",
  "invalid_format.slug":
    "Nimm Buchstaben von a bis z, Ziffern und Bindestriche, an beiden Enden Buchstabe oder Ziffer.",
  "invalid_format.currency": "Wähle eine Währung aus der Liste.",
  "invalid_format.hashtag": "Nimm hinter dem # Buchstaben, Ziffern und Unterstriche.",
  invalid_choice: ({ field }) => `${field}: Wähle aus der Liste.`,
  "invalid_choice.timezone": "Wähle eine Zeitzone aus der Liste.",
  "invalid_choice.country": "Wähle ein Land aus der Liste.",
  "invalid_choice.currency": "Wähle eine Währung aus der Liste.",
  invalid_character: "Ein Zeichen darin lässt sich nicht zeigen. Gib es neu ein.",
  "invalid_character.one_line": "Das muss eine Zeile sein, ohne Tabulatoren.",
  "invalid_character.closed_direction":
    "Der Text ändert seine Richtung und ändert sie nicht zurück. Tippe ihn, statt ihn einzufügen.",
  too_short: ({ min }) => `Gib mindestens ${min} Zeichen an.`,
  too_long: ({ max }) => `Kürze es: ${max} Zeichen sind das Äußerste.`,
  too_small: ({ min }) => `Gib mindestens ${min} an.`,
  too_large: ({ max }) => `Höchstens ${max}.`,
  too_few: ({ min, count }) =>
    count === 1 ? "Füge mindestens einen Eintrag hinzu." : `Füge mindestens ${min} Einträge hinzu.`,
  too_many: ({ max }) => `Nimm etwas weg: ${max} sind das Äußerste.`,
  too_many_bytes: "In diesem Abschnitt ist zu viel Text. Kürze den längsten.",
  "too_many_bytes.session": "In allen Abschnitten zusammen ist zu viel Text. Kürze den längsten.",
  not_unique: ({ field }) => `${field}: Das ist schon vergeben. Wähle etwas anderes.`,
  "not_unique.name": "Ein anderes heißt schon so. Gib einen anderen Namen.",
  "not_unique.language": "In dieser Sprache gibt es schon eine Übersetzung.",
  "not_unique.original": "Das ist die Sprache der Veranstaltung selbst. Wähle eine andere.",
  "not_unique.opening_hours": "Diese Zeiten überschneiden sich mit anderen. Ändere eine davon.",
  "not_unique.title_sponsor": "Eine Veranstaltung hat höchstens einen Titelsponsor.",
  unknown_id: "Dieses Ticket gibt es nicht mehr. Entferne es, und füge es neu hinzu.",
  unknown_field: "Dieses Feld gibt es nicht.",
  server_owned: ({ field }) => `${field}: Das lässt sich hier nicht ändern.`,
  number_out_of_range: ({ min, max }) => `Gib eine Zahl zwischen ${min} und ${max} an.`,
  too_deep: "Das ist zu tief verschachtelt.",
  not_in_future: "Das ist schon vorbei, in der Zeitzone der Veranstaltung. Wähle es später.",
  "not_in_future.date":
    "Die Veranstaltung ist in ihrer Zeitzone schon vorbei. Wähle einen späteren Tag, oder gib den letzten an.",
  "not_in_future.end_date":
    "Die Veranstaltung ist in ihrer Zeitzone schon vorbei. Wähle einen späteren letzten Tag.",
  "not_in_future.moment": "Diese Zeit ist vorbei. Wähle eine spätere.",
  too_far_ahead: ({ max, count }) =>
    count === 1
      ? "Wähle einen Tag binnen eines Jahres."
      : `Wähle einen Tag in den nächsten ${max} Jahren.`,
  nonexistent_time:
    "Die Uhren überspringen diese Zeit in jener Nacht. Wähle eine davor oder danach.",
  end_before_start: "Das Ende muss nach dem Beginn liegen.",
  "end_before_start.date": "Der letzte Tag darf nicht vor dem ersten liegen.",
  "end_before_start.time":
    "Das Ende muss nach dem Beginn liegen. Wenn es an einem anderen Tag liegt, gib ihn an.",
  "end_before_start.hours": "Geschlossen wird zu einer anderen Zeit als geöffnet.",
  outside_event: "Das muss in der Zeit der Veranstaltung liegen.",
  "outside_event.date": "Wähle einen Tag der Veranstaltung.",
  "outside_event.start": "Das darf nicht vor dem Beginn der Veranstaltung liegen.",
  "outside_event.end": "Das darf nicht nach dem Ende der Veranstaltung liegen.",
  doors_after_start:
    "Der Einlass muss vor dem Beginn liegen, am Abend davor höchstens 12 Stunden früher.",
  sale_end_before_start: "Der Verkauf muss enden, nachdem er begonnen hat.",
  sale_ends_after_event: "Der Verkauf muss enden, bevor die Veranstaltung vorbei ist.",
  kind_mismatch: ({ field }) => `${field}: Das passt nicht zur Art des Tickets.`,
  "kind_mismatch.free":
    "Ein kostenloses Ticket hat keinen Preis. Leere das Feld, oder ändere die Art.",
  "kind_mismatch.donation":
    "Nur Spenden haben einen Mindestbetrag. Leere das Feld, oder ändere die Art.",
  "kind_mismatch.paid": "Gib einen Preis an, oder mach das Ticket kostenlos.",
  currency_unsupported: "Stripe zahlt diese Währung nicht aus. Wähle eine andere.",
  amount_too_small: ({ amount }) =>
    `Stripe nimmt nicht weniger als ${amount}. Setze einen höheren Preis, oder mach das Ticket kostenlos.`,
  "amount_too_small.donation": ({ amount }) => `Stripe nimmt nicht weniger als ${amount}.`,
  amount_not_chargeable: "Diesen Betrag kann Stripe nicht einziehen. Nimm einen runderen.",
  "amount_not_chargeable.multiple": ({ amount }) => `Stripe nimmt nur Vielfache von ${amount}.`,
  "amount_not_chargeable.too_large": ({ amount }) => `Stripe nimmt höchstens ${amount}.`,
  capacity_exceeded: "Es gibt mehr Tickets als Plätze. Nimm welche weg, oder erhöhe diese Zahl.",
  quantity_inconsistent: "Das passt nicht zu den anderen Zahlen des Tickets.",
  "quantity_inconsistent.min_per_order": "Das Mindeste je Bestellung liegt über dem Äußersten.",
  "quantity_inconsistent.min_amount": "Der Mindestbetrag liegt über dem vorgeschlagenen.",
  "quantity_inconsistent.quantity": "Es gibt weniger Tickets als das Mindeste je Bestellung.",
  terms_outdated:
    "Die Bedingungen wurden vor der letzten Änderung angenommen. Nimm sie noch einmal an.",
  not_supported: ({ field }) => `${field}: Das geht hier nicht.`,
};

/** The sentence of a field error. */
export const error = sentencesOf({ texts, fieldNames, language: "de" });
