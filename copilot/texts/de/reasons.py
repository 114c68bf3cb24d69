"""Why a value is suggested, or what a person is asked to write."""

from typing import Final

REASON_TEXTS: Final[dict[str, str]] = {
    "add_cover": "{label}: Füge ein Bild hinzu. Gäste sehen es als Erstes.",
    "after_start": "{label}: {minutes} Minuten nach dem Beginn.",
    "before_event": "{label}: {days} Tage vor der Veranstaltung.",
    "before_start": "{label}: {minutes} Minuten vor dem Beginn.",
    "capacity_of_venue": "{label}: so viele, wie der Ort fasst.",
    "country_of_city": "{label}: das Land der Stadt.",
    "country_of_zone": "{label}: das Land der Zeitzone.",
    "currency_of_account": "{label}: die Währung, die du schon verwendest.",
    "currency_of_country": "{label}: die Währung des Landes.",
    "describe_accessibility": (
        "{label}: Sag, was Gäste vorfinden, die im Rollstuhl sitzen oder schlecht sehen oder hören."
    ),
    "describe_picture": "{label}: Sag in ein paar Worten, was das Bild zeigt.",
    "earlier_event": "{label}: wie bei deiner Veranstaltung am {date}.",
    "fashion_week": (
        "{label}: Die {week} ist meist im {month_name}. Ihre Tage stehen auf {source}."
    ),
    "free_for_launch": "{label}: eine Premiere ist meist kostenlos.",
    "from_address": "{label}: der Dienst, zu dem die Adresse gehört.",
    "from_city": "{label}: aus der Art und der Stadt.",
    "from_known_fields": "{label}: aus dem, was du angegeben hast.",
    "from_organizer": "{label}: aus den Angaben zum Gastgeber.",
    "from_title": "{label}: aus dem Titel.",
    "from_title_and_year": "{label}: aus dem Titel und dem Jahr.",
    "from_venue": "{label}: aus der Art und dem Ort.",
    "language_of_person": "{label}: die Sprache, in der du hier bist.",
    "number_of_tickets": "{label}: so viele Plätze wie Tickets.",
    "usual_for_type": "{label}: üblich für diese Art von Veranstaltung.",
    "usual_weekday": "{label}: ein freier {weekday_name}, üblich für diese Art von Veranstaltung.",
    "word_in_title": "{label}: das Wort steht im Titel.",
    "zone_of_city": "{label}: die Zeitzone der Stadt.",
    "zone_of_country": "{label}: die Zeitzone des Landes.",
    "zone_of_person": "{label}: deine Zeitzone.",
}
"""By the code of the reason."""
