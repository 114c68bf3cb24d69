"""Errors in values of fields."""

from typing import Final

FIELD_ERROR_TEXTS: Final[dict[str, str]] = {
    "missing": "{label}: Das fehlt noch.",
    "missing.place": "Gib eine Straße, eine Stadt oder die genaue Lage an.",
    "missing.list": "Es braucht mindestens einen Eintrag: {entry}.",
    "invalid_type": "{label}: Das lässt sich nicht verwenden. Gib es neu ein.",
    "invalid_type.integer": "{label}: Gib eine ganze Zahl an.",
    "invalid_type.number": "{label}: Gib eine Zahl an.",
    "invalid_format": "{label}: Das ist nicht vollständig oder nicht richtig.",
    "invalid_format.date": "{label}: Gib einen Tag an, den es gibt, mit Jahr.",
    "invalid_format.time": "{label}: Gib eine Uhrzeit an, etwa 19:30.",
    "invalid_format.local_date_time": "{label}: Gib einen Tag und eine Uhrzeit an.",
    "invalid_format.url": (
        "{label}: Nimm eine Adresse mit https; vor anderen warnen Browser die Gäste."
    ),
    "invalid_format.picture_url": (
        "{label}: Lade das Bild hoch, oder nimm eine Adresse mit https."
    ),
    "invalid_format.social": (
        "{label}: Gib einen Namen wie @atelier an, oder die Adresse des Profils, mit https."
    ),
    "invalid_format.email": "{label}: Gib eine E-Mail-Adresse an, etwa name@example.com.",
    "invalid_format.phone": ("{label}: Beginne mit der Vorwahl des Landes, etwa +49 30 123456."),
    "invalid_format.language": "{label}: Wähle eine Sprache aus der Liste.",
    "invalid_format.slug": (
        "{label}: Nimm Buchstaben von a bis z, Ziffern und Bindestriche, an beiden Enden Buchstabe "
        "oder Ziffer."
    ),
    "invalid_format.currency": "{label}: Wähle eine Währung aus der Liste.",
    "invalid_format.hashtag": "{label}: Nimm hinter dem # Buchstaben, Ziffern und Unterstriche.",
    "invalid_choice": "{label}: Wähle aus der Liste.",
    "invalid_character": "{label}: Ein Zeichen darin lässt sich nicht zeigen. Gib es neu ein.",
    "invalid_character.one_line": "{label}: Das muss eine Zeile sein, ohne Tabulatoren.",
    "invalid_character.closed_direction": (
        "{label}: Der Text ändert seine Richtung und ändert sie nicht zurück. Tippe ihn, statt ihn "
        "einzufügen."
    ),
    "too_short": "{label}: Gib mindestens {min} Zeichen an.",
    "too_long": "{label}: Kürze es. {max} Zeichen sind das Äußerste.",
    "too_small": "{label}: Gib mindestens {min} an.",
    "too_large": "{label}: Höchstens {max}.",
    "too_large.total": "Eine Bestellung kostet höchstens {amount}. Bestelle weniger Tickets.",
    "too_few": "Es braucht mindestens {min} {entries}.",
    "too_many": "Nimm etwas weg: {max} {entries} sind das Äußerste.",
    "too_many_bytes": "In diesem Abschnitt ist zu viel Text. Kürze den längsten.",
    "too_many_bytes.session": (
        "In allen Abschnitten zusammen ist zu viel Text. Kürze den längsten."
    ),
    "not_unique": "{label}: Das ist schon vergeben. Wähle etwas anderes.",
    "not_unique.name": "{label}: Ein anderes heißt schon so. Gib einen anderen Namen.",
    "not_unique.language": "In dieser Sprache gibt es schon eine Übersetzung.",
    "not_unique.original": (
        "{label}: Das ist die Sprache der Veranstaltung selbst. Wähle eine andere."
    ),
    "not_unique.opening_hours": (
        "Öffnungszeiten überschneiden sich mit anderen. Ändere eine davon."
    ),
    "not_unique.title_sponsor": "Eine Veranstaltung hat höchstens einen Titelsponsor.",
    "unknown_id": "Dieses Ticket gibt es nicht mehr. Entferne es, und füge es neu hinzu.",
    "unknown_field": "Dieses Feld gibt es nicht.",
    "server_owned": "{label}: Das lässt sich hier nicht ändern.",
    "number_out_of_range": "{label}: Gib eine Zahl zwischen {min} und {max} an.",
    "too_deep": "{label}: Das ist zu tief verschachtelt.",
    "not_in_future": (
        "{label}: Das ist schon vorbei, in der Zeitzone der Veranstaltung. Wähle es später."
    ),
    "not_in_future.date": (
        "Die Veranstaltung ist in ihrer Zeitzone schon vorbei. Wähle einen späteren Tag, oder gib "
        "den letzten an."
    ),
    "not_in_future.end_date": (
        "Die Veranstaltung ist in ihrer Zeitzone schon vorbei. Wähle einen späteren letzten Tag."
    ),
    "not_in_future.moment": "{label}: Diese Zeit ist vorbei. Wähle eine spätere.",
    "too_far_ahead": "{label}: Wähle einen Tag in den nächsten {max} Jahren.",
    "nonexistent_time": (
        "{label}: Die Uhren überspringen diese Zeit in jener Nacht. Wähle eine davor oder danach."
    ),
    "end_before_start.date": "Der letzte Tag darf nicht vor dem ersten liegen.",
    "end_before_start.time": (
        "Das Ende muss nach dem Beginn liegen. Wenn es an einem anderen Tag liegt, gib ihn an."
    ),
    "end_before_start.hours": "Geschlossen wird zu einer anderen Zeit als geöffnet.",
    "outside_event.date": "{label}: Wähle einen Tag der Veranstaltung.",
    "outside_event.start": "{label}: Das darf nicht vor dem Beginn der Veranstaltung liegen.",
    "outside_event.end": "{label}: Das darf nicht nach dem Ende der Veranstaltung liegen.",
    "doors_after_start": (
        "Der Einlass muss vor dem Beginn liegen, am Abend davor höchstens 12 Stunden früher."
    ),
    "sale_end_before_start": "Der Verkauf muss enden, nachdem er begonnen hat.",
    "sale_ends_after_event": "Der Verkauf muss enden, bevor die Veranstaltung vorbei ist.",
    "kind_mismatch.free": (
        "Ein kostenloses Ticket hat keinen Preis. Nimm ihn weg, oder ändere die Art."
    ),
    "kind_mismatch.donation": (
        "Nur Spenden haben einen Mindestbetrag. Nimm ihn weg, oder ändere die Art."
    ),
    "kind_mismatch.paid": "{label}: Gib einen Preis an, oder mach das Ticket kostenlos.",
    "currency_unsupported": "Stripe zahlt diese Währung nicht aus. Wähle eine andere.",
    "amount_too_small": (
        "{label}: Stripe nimmt nicht weniger als {amount}. Setze einen höheren Preis, oder mach "
        "das Ticket kostenlos."
    ),
    "amount_too_small.donation": "{label}: Stripe nimmt nicht weniger als {amount}.",
    "amount_not_chargeable.multiple": "{label}: Stripe nimmt nur Vielfache von {amount}.",
    "amount_not_chargeable.too_large": "{label}: Stripe nimmt höchstens {amount}.",
    "capacity_exceeded": (
        "Es gibt mehr Tickets als Plätze. Nimm welche weg, oder erhöhe „{label}“."
    ),
    "quantity_inconsistent.min_per_order": ("Das Mindeste je Bestellung liegt über dem Äußersten."),
    "quantity_inconsistent.min_amount": "Der Mindestbetrag liegt über dem vorgeschlagenen.",
    "quantity_inconsistent.quantity": ("Es gibt weniger Tickets als das Mindeste je Bestellung."),
    "terms_outdated": (
        "Die Bedingungen wurden vor der letzten Änderung angenommen. Nimm sie noch einmal an."
    ),
    "not_supported": "{label}: Das geht hier nicht.",
}
"""By the code, or by the code and its variant if that has a text of its own."""
