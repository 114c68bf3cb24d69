"""The name and the description of a product, as buyers read them at Stripe."""

from datetime import date, time
from typing import Any

import pytest

from payments.product_texts import MAX_NAME, product_description, product_name
from tests.unit.payments.sale_factories import event, tier

DAY = "Sat 1 June 2030, 20:00 (UTC)"


def test_the_name_has_the_title_and_the_tier() -> None:
    assert product_name(event(), tier()) == "Summer Show: VIP"


def test_the_longest_name_is_shortened() -> None:
    name = product_name(event(title="x" * 150), tier(name="y" * 100))
    assert len(name) == MAX_NAME
    assert name.endswith("y…")


@pytest.mark.parametrize(
    ("access", "place"),
    [
        ("in_person", "Grand Hall, Paris"),
        ("online", "Online"),
        ("both", "Grand Hall, Paris, and online"),
    ],
)
def test_the_place_is_that_of_the_ticket(access: str, place: str) -> None:
    assert product_description(event(), tier(access=access)) == f"{DAY} · {place}"


@pytest.mark.parametrize(
    ("venue", "place"),
    [
        ({"name": "Grand Hall", "address": {"line1": "1 Rue", "country": "FR"}}, "Grand Hall"),
        ({"name": "Grand Hall"}, "Grand Hall"),
    ],
)
def test_a_place_without_a_city_is_its_name(venue: dict[str, Any], place: str) -> None:
    described = product_description(event(venue_data=venue), tier())
    assert described == f"{DAY} · {place}"


def test_the_address_of_an_online_event_is_not_public() -> None:
    virtual = event(venue_data={"url": "https://stream.example/secret", "platform": "Stream"})
    assert product_description(virtual, tier(access="online")) == f"{DAY} · Online"


def test_an_event_of_several_days_has_both_dates() -> None:
    exhibition = event(end_date=date(2030, 6, 30), start_time=time(9, 30), timezone="Europe/Paris")
    described = product_description(exhibition, tier(description="All rooms"))
    assert described == (
        "Sat 1 June 2030, 09:30 to Sun 30 June 2030 (Europe/Paris) · Grand Hall, Paris · All rooms"
    )
