"""What the publish checks find."""

from typing import Final

CHECK_TEXTS: Final[dict[str, str]] = {
    "stage_invalid": "{errors:Sache|Sachen} zu berichtigen. {first}",
    "event_not_in_future.publish_at": (
        "Die Veranstaltung ist vorbei, bevor sie öffentlich wird. Wähle eine frühere Zeit dafür."
    ),
    "payments_not_ready.not_connected": (
        "Bezahlte Tickets brauchen ein Konto bei Stripe. Verbinde eins, oder biete nur kostenlose "
        "an."
    ),
    "payments_not_ready.onboarding": (
        "Das Konto bei Stripe ist noch nicht fertig. Mach es dort fertig, oder biete nur "
        "kostenlose Tickets an."
    ),
    "payments_not_ready.restricted": (
        "Stripe hat das Konto eingeschränkt. Gib Stripe, was es verlangt, oder biete nur "
        "kostenlose Tickets an."
    ),
    "payments_not_ready.rejected": (
        "Stripe lässt das Konto keine Zahlungen annehmen. Frag Stripe nach dem Grund, oder biete "
        "nur kostenlose Tickets an."
    ),
    "payments_not_ready.unauthorized": (
        "Das Konto bei Stripe lässt sich nicht ansehen, weil Stripe den Schlüssel des Wizards "
        "ablehnt. Frag den Support, oder biete nur kostenlose Tickets an."
    ),
    "payments_not_ready.unknown": (
        "Bezahlte Tickets brauchen ein Konto bei Stripe. Es wurde noch nicht angesehen: Das "
        "geschieht vor dem Veröffentlichen."
    ),
    "payments_not_ready.disconnected": (
        "Das Konto bei Stripe ist nicht mehr verbunden. Verbinde eins, oder biete nur kostenlose "
        "an."
    ),
    "no_tier_for_sale": (
        "Kein Ticket lässt sich kaufen. Zeig eins, oder lass seinen Verkauf länger dauern."
    ),
    "sale_over": (
        "Der Verkauf dieses Tickets ist vorbei, bevor die Veranstaltung öffentlich wird. Lass ihn "
        "später enden, oder entferne das Ticket."
    ),
    "capacity_exceeded.venue": (
        "Es gibt mehr Tickets, als der Ort Plätze hat. Nimm welche weg, oder erhöhe die Zahl der "
        "Plätze."
    ),
    "access_incomplete.online_missing": (
        "Die Veranstaltung ist vor Ort und online, und kein Ticket gilt online."
    ),
    "access_incomplete.in_person_missing": (
        "Die Veranstaltung ist vor Ort und online, und kein Ticket gilt vor Ort."
    ),
    "access_incomplete.venue_is_physical": (
        "Dieses Ticket gilt auch online; die Veranstaltung ist vor Ort."
    ),
    "access_incomplete.venue_is_virtual": (
        "Dieses Ticket gilt auch vor Ort; die Veranstaltung ist online."
    ),
    "slug_taken": "Eine andere Veranstaltung hat diese Adresse. Wähle eine andere.",
    "terms_not_accepted": "Nimm die Bedingungen an.",
    "terms_not_accepted.outdated": (
        "Nimm die Bedingungen nach deiner letzten Änderung noch einmal an."
    ),
    "not_allowed": (
        "Du darfst für diese Organisation nicht veröffentlichen. Frag ein Mitglied, das es darf."
    ),
    "cover_missing": "Die Veranstaltung hat kein Bild.",
    "alt_text_missing": "Einem Bild fehlen Worte für Menschen, die es nicht sehen.",
    "event_has_begun": (
        "Die Veranstaltung hat schon begonnen. Veröffentlichen geht, bis sie vorbei ist."
    ),
    "event_has_begun.publish_at": (
        "Die Veranstaltung beginnt, bevor sie öffentlich wird. Wähle eine frühere Zeit dafür."
    ),
    "sale_opens_late": ("Der Verkauf beginnt nach der Veranstaltung. Lass ihn früher beginnen."),
    "translation_unused": (
        "Eine Übersetzung nennt ein Ticket, das es nicht mehr gibt. Entferne den Namen."
    ),
    "payouts_disabled": (
        "Stripe kann auf das Konto noch nicht auszahlen und behält das Geld bis dahin."
    ),
    "currency_differs": "Stripe rechnet Zahlungen in {currency} um, die Währung deines Kontos.",
}
"""By the code, with the parameter ``reason`` if a code has several. A check that repeats a field
error has the text of that error."""
