"""Values in replies are written as people read them, in both languages."""

from typing import Any

import pytest

from copilot.agent.patches import Proposed
from copilot.agent.value_words import shown
from copilot.texts import ENGLISH, GERMAN
from domain.stages import Stage

EVENT, TICKETS = Stage.EVENT_SETUP, Stage.TICKET_SETUP
DAYS = ("2027-05-03", "2027-05-04", "2027-05-05")
HOURS = [{"date": day, "opens": "10:00", "closes": "18:00"} for day in DAYS]

CASES: tuple[tuple[Stage, str, Any, str, str], ...] = (
    (
        TICKETS,
        "/tiers/0/saleEnd",
        "2027-03-01T09:00",
        "On sale until: Monday, 1 March 2027, 09:00",
        "Verkauf bis: Montag, 1. März 2027, 09:00",
    ),
    (
        TICKETS,
        "/tiers/0/saleStart",
        "2027-03-01T09:00:00+01:00",
        "On sale from: Monday, 1 March 2027, 09:00 (UTC+01:00)",
        "Verkauf ab: Montag, 1. März 2027, 09:00 (UTC+01:00)",
    ),
    (
        TICKETS,
        "/tiers",
        [{"name": "Early", "unit_amount": 3000, "quantity": 9, "saleEnd": "2027-03-01T09:00"}],
        "Tickets: Early, 30.00 EUR, 9 tickets, on sale until Monday, 1 March 2027, 09:00",
        "Tickets: Early, 30,00\xa0€, 9 Stück, im Verkauf bis Montag, 1. März 2027, 09:00",
    ),
    (
        TICKETS,
        "/tiers/-",
        {"name": "Last", "unit_amount": 0, "saleStart": "2027-03-01T09:00"},
        "Ticket: Last, on sale from Monday, 1 March 2027, 09:00",
        "Ticket: Last, im Verkauf ab Montag, 1. März 2027, 09:00",
    ),
    (
        TICKETS,
        "/refundPolicy",
        {"kind": "until_days", "days": 7},
        "Refunds: until 7 days before the event",
        "Rückgabe: bis 7 Tage vorher",
    ),
    (TICKETS, "/refundPolicy", {"kind": "none"}, "Refunds: No", "Rückgabe: Nein"),
    (
        TICKETS,
        "/tiers/-",
        {"name": "Press", "kind": "paid", "unit_amount": 500},
        "Ticket: Press, 5.00 EUR",
        "Ticket: Press, 5,00\xa0€",
    ),
    (
        TICKETS,
        "/tiers/-",
        {"name": "Kids", "kind": "free", "unit_amount": 0},
        "Ticket: Kids, free",
        "Ticket: Kids, kostenlos",
    ),
    (
        EVENT,
        "/visibility",
        "unlisted",
        "Who may see it: Anyone with the link",
        "Wer es sehen darf: Wer den Link hat",
    ),
    (EVENT, "/type", "popup", "Kind of event: Pop-up", "Art der Veranstaltung: Pop-up"),
    (
        EVENT,
        "/timezone",
        "America/New_York",
        "Time zone: New York time",
        "Zeitzone: Zeit von New York",
    ),
    (EVENT, "/language", "de", "Language: German", "Sprache: Deutsch"),
    (EVENT, "/language", "x-own", "Language: x-own", "Sprache: x-own"),
    (
        EVENT,
        "/openingHours",
        HOURS,
        "Opening hours: Monday, 3 May 2027 to Wednesday, 5 May 2027, 10:00–18:00",
        "Öffnungszeiten: Montag, 3. Mai 2027 bis Mittwoch, 5. Mai 2027, 10:00–18:00",
    ),
    (
        EVENT,
        "/openingHours",
        [HOURS[0], HOURS[2]],
        "Opening hours: Monday, 3 May 2027, 10:00–18:00, Wednesday, 5 May 2027, 10:00–18:00",
        "Öffnungszeiten: Montag, 3. Mai 2027, 10:00–18:00, Mittwoch, 5. Mai 2027, 10:00–18:00",
    ),
    (TICKETS, "/tiers/0/saleEnd", "soon", "On sale until: soon", "Verkauf bis: soon"),
    (EVENT, "/date", "soon", "Date: soon", "Datum: soon"),
)


@pytest.mark.parametrize(("stage", "pointer", "value", "english", "german"), CASES)
def test_a_value_is_written_in_words(
    stage: Stage, pointer: str, value: Any, english: str, german: str
) -> None:
    proposed = Proposed(stage, pointer, value)
    assert shown(proposed, "eur", ENGLISH) == english
    assert shown(proposed, "eur", GERMAN) == german
