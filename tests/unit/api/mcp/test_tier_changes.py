"""Changes of one ticket, which can be repeated."""

import pytest

from api.mcp.tier_changes import added, changed, removed
from domain.errors import InvalidRequest

GENERAL = {"id": "tier-1", "name": "General", "unit_amount": 0, "quantity": 150}
VIP = {"id": "tier-2", "name": "VIP", "unit_amount": 8000, "quantity": 20}
TIERS = [GENERAL, VIP]


def codes_of(refusal: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in refusal.value.errors]


def test_a_new_ticket_comes_last() -> None:
    early = {"name": " Early bird", "unit_amount": 1500.0}

    assert added(early)(TIERS) == [*TIERS, {"name": "Early bird", "unit_amount": 1500}]


def test_a_ticket_that_was_added_already_is_not_added_again() -> None:
    assert added({"name": "VIP", "unit_amount": 8000})(TIERS) == TIERS


def test_another_ticket_of_the_same_name_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        added({"name": "VIP", "unit_amount": 9000})(TIERS)

    assert codes_of(refusal) == [("/name", "not_unique")]


@pytest.mark.parametrize("reference", ["tier-2", "VIP", "vip"])
def test_a_ticket_is_changed_by_its_id_or_its_name(reference: str) -> None:
    edited = changed(reference, {"quantity": 30, "unit_amount": None})(TIERS)

    assert edited == [GENERAL, {"id": "tier-2", "name": "VIP", "quantity": 30}]
    assert changed(reference, {"quantity": 30, "unit_amount": None})(edited) == edited


def test_a_renamed_ticket_is_not_changed_again() -> None:
    edited = changed("VIP", {"name": "Gold"})(TIERS)

    assert edited[1]["name"] == "Gold"
    assert changed("VIP", {"name": "Gold"})(edited) == edited


def test_an_unknown_ticket_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        changed("Balcony", {"quantity": 1})(TIERS)

    assert codes_of(refusal) == [("/tier", "unknown_id")]


def test_a_ticket_is_removed_once() -> None:
    edited = removed("General")(TIERS)

    assert edited == [VIP]
    assert removed("General")(edited) == [VIP]


def test_a_field_that_a_ticket_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        added({"name": "VIP", "unit_amount": 1, "colour": "red"})

    assert codes_of(refusal) == [("/colour", "unknown_field")]
