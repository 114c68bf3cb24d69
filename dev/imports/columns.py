"""The columns of exports: their names at several shops, and how they write dates."""

import re
from contextlib import suppress
from datetime import datetime
from typing import Final

_NOT_IN_NAMES: Final = re.compile(r"\s*\(.*?\)|[\W_]+")

_OTHER_NAMES: Final = {
    "Event Name": ("event", "event title", "title", "veranstaltung", "evenement", "événement"),
    "Event Category": ("category", "event type", "kategorie", "genre"),
    "Event Summary": ("summary", "tagline", "kurzbeschreibung"),
    "Event Description": ("description", "beschreibung"),
    "Event Start": ("start", "starts at", "start date time", "beginn", "début", "debut"),
    "Event End": ("end", "ends at", "end date time", "ende", "fin"),
    "Start Date": ("date", "event date", "datum"),
    "Start Time": ("time", "uhrzeit"),
    "End Date": ("enddatum",),
    "End Time": ("endzeit",),
    "Event Timezone": ("timezone", "time zone", "tz", "zeitzone"),
    "Event URL": ("url", "link"),
    "Doors Open": ("doors", "einlass"),
    "Organizer Name": ("organizer", "organiser", "organiser name", "veranstalter", "promoter"),
    "Organizer Email": ("organiser email", "email", "e mail", "contact email"),
    "Organizer Phone": ("organiser phone", "phone", "telefon"),
    "Organizer Website": ("organiser website", "website", "webseite"),
    "Venue Name": ("venue", "location", "ort", "spielstätte", "lieu"),
    "Venue Address": ("address", "address 1", "street", "straße", "strasse", "adresse"),
    "Venue City": ("city", "stadt", "ville"),
    "Venue State": ("state", "region", "bundesland"),
    "Venue Postal Code": ("zip", "zip code", "postcode", "postal code", "plz", "code postal"),
    "Venue Country": ("country", "country code", "land", "pays"),
    "Venue Capacity": ("capacity", "kapazität", "capacité"),
    "Currency": ("currency code", "währung", "devise"),
    "Ticket Name": ("ticket", "ticket type name", "ticketkategorie", "preiskategorie", "tarif"),
    "Ticket Type": ("ticket kind", "ticketart"),
    "Ticket Description": ("ticket notes",),
    "Price": ("ticket price", "face value", "preis", "prix"),
    "Quantity Total": ("quantity", "qty", "qty available", "allocation", "kontingent", "quota"),
    "Sales Start": ("on sale from", "on sale date", "vvk start", "vorverkauf ab"),
    "Sales End": ("on sale until", "off sale date", "vvk ende", "vorverkauf bis"),
    "Min Per Order": ("min qty", "min order", "mindestmenge"),
    "Max Per Order": ("max qty", "max order", "höchstmenge"),
    "Hidden": ("is hidden", "versteckt"),
}
"""By the names that :mod:`dev.imports.ticket_shop` uses."""


def _plain(name: str) -> str:
    """Without signs, and without what is in brackets: ``Preis (brutto)`` is ``preis``."""
    return _NOT_IN_NAMES.sub(" ", name.casefold()).strip()


_COLUMNS: Final = {
    _plain(name): column for column, names in _OTHER_NAMES.items() for name in (column, *names)
}

_FORMATS: Final = (
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
)
"""A clock of twelve hours goes with the month before the day."""


def column_of(name: str) -> str:
    return _COLUMNS.get(_plain(name), name.strip())


def moment(text: str | None) -> datetime | None:
    """Local to the event: ``2031-05-09 19:30``, ``09.05.2031 19:30`` or ``05/09/2031 7:30 PM``."""
    with suppress(ValueError):
        return datetime.fromisoformat(text or "")
    for form in _FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text or "", form)  # noqa: DTZ007 - the zone is another column
    return None
