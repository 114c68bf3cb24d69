"""Why a value is suggested, or what a person is asked to write."""

from typing import Final

REASON_TEXTS: Final[dict[str, str]] = {
    "add_cover": "{label}: add a picture. It is the first thing that visitors see.",
    "after_start": "{label}: {minutes} minutes after the start.",
    "before_event": "{label}: {days} days before the event.",
    "before_start": "{label}: {minutes} minutes before the start.",
    "capacity_of_venue": "{label}: the capacity of the venue.",
    "country_of_city": "{label}: the country of the city.",
    "country_of_zone": "{label}: the country of the event's time zone.",
    "currency_of_account": "{label}: the currency that you already use.",
    "currency_of_country": "{label}: the currency of the venue's country.",
    "describe_accessibility": (
        "{label}: say what visitors find who use a wheelchair, or do not see or hear well."
    ),
    "describe_picture": "{label}: say what the picture shows, in a few words.",
    "earlier_event": "{label}: as for your event on {date}.",
    "fashion_week": (
        "{label}: {week} usually takes place in {month_name}. Its days are announced at {source}."
    ),
    "free_for_launch": "{label}: a launch is usually free.",
    "from_address": "{label}: the service that the address belongs to.",
    "from_city": "{label}: made from the type and the city.",
    "from_known_fields": "{label}: made from what you have entered.",
    "from_organizer": "{label}: made from the organizer's data.",
    "from_title": "{label}: made from the title.",
    "from_title_and_year": "{label}: made from the title and the year.",
    "from_venue": "{label}: made from the type and the venue.",
    "language_of_person": "{label}: the language that you use here.",
    "number_of_tickets": "{label}: as many places as tickets.",
    "usual_for_type": "{label}: usual for this type of event.",
    "usual_weekday": "{label}: a free {weekday_name}, which is usual for this type of event.",
    "word_in_title": "{label}: the title contains this word.",
    "zone_of_city": "{label}: the time zone of the city.",
    "zone_of_country": "{label}: the time zone of the venue's country.",
    "zone_of_person": "{label}: your time zone.",
}
"""By the code of the reason."""
