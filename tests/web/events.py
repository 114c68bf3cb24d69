"""Sections that sessions of the tests begin with."""

from typing import Any, Final

from tests.web.device import DATE

Sections = dict[str, Any]

FREE_EVENT: Final[Sections] = {
    "organizer": {"name": "Studio Halm"},
    "event": {
        "title": "Nachtschicht",
        "type": "fashion_show",
        "date": DATE,
        "startTime": "20:00",
        "endTime": "22:30",
        "timezone": "Europe/Berlin",
        "summary": "Studio Halm shows Autumn/Winter in a foundry that still smells of iron.",
    },
    "venue": {
        "mode": "physical",
        "name": "Alte Gießerei",
        "address": {
            "line1": "Gießereihof 12",
            "city": "Berlin",
            "postalCode": "10243",
            "country": "DE",
        },
        "capacity": 260,
    },
    "ticket": {
        "currency": "eur",
        "tiers": [{"name": "Standing", "kind": "free", "unit_amount": 0, "quantity": 140}],
    },
    "sponsor": {"hashtag": "#nachtschicht"},
}

READY_EVENT: Final[Sections] = {**FREE_EVENT, "review": {"acceptTerms": True}}

PAID_TICKETS: Final[Sections] = {
    "currency": "eur",
    "tiers": [
        {"name": "Early bird", "kind": "paid", "unit_amount": 3000, "quantity": 60},
        {"name": "Standing", "kind": "paid", "unit_amount": 2500, "quantity": 140},
    ],
}
