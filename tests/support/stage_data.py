"""Data for the six stages of a free event, valid on any day."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.json_values import JsonObject

STAGES = (
    "organizerSetup",
    "eventSetup",
    "venueSetup",
    "ticketSetup",
    "sponsorsMedia",
    "reviewPublish",
)

SECTIONS = ("organizer", "event", "venue", "ticket", "sponsor", "review")


_TODAY: Final = datetime.now(UTC).date()
"""Read once: a test that begins before midnight and ends after it compares dates of one day."""


def days_ahead(days: int) -> str:
    return (_TODAY + timedelta(days=days)).isoformat()


def free_sections(**event: Any) -> dict[str, JsonObject]:
    """As :func:`free_event`, by section."""
    return by_section(free_event(**event))


def by_section(stages: dict[str, JsonObject]) -> dict[str, JsonObject]:
    """The data of all six stages by the names of their sections."""
    return dict(zip(SECTIONS, stages.values(), strict=True))


def free_event(**event: Any) -> dict[str, JsonObject]:
    """Data by stage; keywords go into ``eventSetup``."""
    return {
        "organizerSetup": {"name": "Ada Lovelace", "organization": "Analytical Engines"},
        "eventSetup": {
            "title": "Spring Show",
            "type": "fashion_show",
            "date": days_ahead(60),
            "startTime": "19:30",
            **event,
        },
        "venueSetup": {
            "mode": "physical",
            "name": "Great Hall",
            "address": {"line1": "1 Main Street", "city": "New York", "country": "US"},
            "capacity": 200,
        },
        "ticketSetup": {"tiers": [{"name": "General", "unit_amount": 0, "quantity": 150}]},
        "sponsorsMedia": {
            "media": {"cover": {"url": "https://cdn.example.com/c.jpg", "alt": "Hall"}}
        },
        "reviewPublish": {"acceptTerms": True},
    }
