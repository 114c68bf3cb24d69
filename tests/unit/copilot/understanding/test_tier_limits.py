"""The most tickets of an order: of a tier of the sentence, of a saved one, or of all."""

from datetime import UTC, datetime
from typing import Final

import pytest

from copilot.understanding import understand
from copilot.understanding.codes import Assumption
from copilot.understanding.facts import Circumstances, Understanding
from domain.json_values import JsonObject
from domain.stages import Section

STANDARD: Final = {"id": "tier-1", "name": "Standard", "unit_amount": 2500, "kind": "paid"}
VIP: Final = {"id": "tier-2", "name": "VIP", "unit_amount": 8000, "kind": "paid"}


def understood(sentence: str, *saved: JsonObject) -> Understanding:
    now = datetime(2030, 3, 5, 10, tzinfo=UTC)
    known = {Section.TICKET: {"currency": "eur", "tiers": list(saved)}} if saved else {}
    return understand(sentence, Circumstances(now, "en-GB", "Europe/London", known=known))


def limits(found: Understanding) -> dict[str, int | None]:
    tiers = [fact.value for fact in found.facts if fact.pointer == "/tiers/-"]
    return {tier["name"]: tier.get("maxPerOrder") for tier in tiers if isinstance(tier, dict)}


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        ("max 4 per person", 4),
        ("no more than 4 each", 4),
        ("limit 6 tickets per order", 6),
        ("limit is 6 per order", 6),
        ("at most two per customer", 2),
        ("4 tickets max per person", 4),
        ("4 per person max", 4),
        ("two tickets per person", 2),
        ("maximum per order: 4", 4),
        ("limit orders to 5 tickets", 5),
        ("cap orders at 4 tickets", 4),
        ("people can only buy 2 tickets", 2),
        ("all tickets max 4 per person", 4),
        ("höchstens 4 pro Person", 4),
        ("max. 2 je Bestellung", 2),
        ("maximal 3 Karten pro Person", 3),
        ("Höchstens je Bestellung: 4", 4),
        ("jeder darf höchstens 4 Tickets kaufen", 4),
    ],
)
def test_a_limit_is_of_the_only_tier(sentence: str, most: int) -> None:
    found = understood(sentence, STANDARD)

    (fact,) = found.facts
    assert fact.value == {
        "name": "Standard",
        "unit_amount": 2500,
        "kind": "paid",
        "maxPerOrder": most,
    }
    assert (fact.assumed, found.unused) == (None, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "VIP max 2 per person",
        "VIP: maximum per order 2",
        "max 2 VIP tickets per order",
        "at most 2 per order for VIP",
        "the maximum per order of VIP to 2",
        "VIPs: höchstens 2 pro Kopf",
    ],
)
def test_a_limit_is_of_the_tier_that_it_names(sentence: str) -> None:
    found = understood(sentence, STANDARD, VIP)

    assert limits(found) == {"VIP": 2}
    assert found.facts[0].assumed is None


def test_a_limit_of_all_tickets_is_of_each() -> None:
    for sentence in ("all tickets max 4 per person", "alle Tickets höchstens 4 pro Bestellung"):
        assert limits(understood(sentence, STANDARD, VIP)) == {"Standard": 4, "VIP": 4}


def test_a_limit_of_one_of_several_tickets_is_not_certain() -> None:
    (fact,) = understood("max 4 per person", STANDARD, VIP).facts
    assert fact.assumed is Assumption.TIER_NAME


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("VIP 80 euros, 20 of them, max 4 per order", {"VIP": 4}),
        ("Tickets 25 euros, no more than 4 each", {"Standard": 4}),
        (
            "Standard 25 euros max 4 per person, VIP 80 euros max 2 per person",
            {"Standard": 4, "VIP": 2},
        ),
        ("VIP 80 euros, standard 25 euros, max 4 per person", {"VIP": 4, "Standard": 4}),
        ("VIP 80 euros, max 4 per order, standard 25 euros", {"VIP": 4, "Standard": None}),
        (
            "VIP 80 euros, standard 25 euros, max 2 VIP per person",
            {"VIP": 2, "Standard": None},
        ),
    ],
)
def test_a_limit_is_of_the_tiers_of_its_sentence(
    sentence: str, expected: dict[str, int | None]
) -> None:
    assert limits(understood(sentence)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "max 4 per person",  # no ticket has it
        "Backstage max 2 per person",
    ],
)
def test_a_limit_of_an_unknown_tier_is_unused(sentence: str) -> None:
    saved = () if sentence.startswith("max") else (STANDARD, VIP)
    found = understood(sentence, *saved)

    assert found.facts == ()
    assert "person" in found.unused


@pytest.mark.parametrize("sentence", ["2 drinks per person", "max 20 each", "max 500 per order"])
def test_other_counts_are_no_limits(sentence: str) -> None:
    assert understood(sentence, STANDARD).facts == ()


@pytest.mark.parametrize(
    ("sentence", "quantity"),
    [
        ("there are 40 VIPs", 40),
        ("VIP limited to 20", 20),
        ("VIP only 30 tickets", 30),
        ("we have 25 vip seats", 25),
        ("von VIP gibt es nur 40 Stück", 40),
        ("nur 40 VIP", 40),
    ],
)
def test_a_quantity_is_of_the_tier_that_it_names(sentence: str, quantity: int) -> None:
    found = understood(sentence, STANDARD, VIP)

    (fact,) = found.facts
    assert fact.value == {"name": "VIP", "unit_amount": 8000, "kind": "paid", "quantity": quantity}
    assert (fact.assumed, found.unused) == (None, "")


def test_a_quantity_and_a_limit_are_of_one_ticket() -> None:
    (fact,) = understood("only 30 VIPs, two per person at most", STANDARD, VIP).facts

    assert fact.value == {
        "name": "VIP",
        "unit_amount": 8000,
        "kind": "paid",
        "quantity": 30,
        "maxPerOrder": 2,
    }


def test_a_limit_of_a_tier_without_a_price_is_not_understood() -> None:
    assert understood("max 4 per person", {"name": "Standard"}).facts == ()
