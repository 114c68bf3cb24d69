"""Derived keys: equal for equal input, different for different input, and never too long."""

import pytest

from domain.actors import Tenant
from payments.idempotency import account_key, fingerprint, idempotency_key
from tests.unit.payments.sale_factories import EVENT_ID, SESSION_ID, donation, sale


def test_the_order_of_parameters_makes_no_difference() -> None:
    assert fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )


def test_a_key_names_session_step_number_and_parameters() -> None:
    key = idempotency_key(SESSION_ID, "product:tier-1", 1, {"name": "VIP"})
    assert key == f"{SESSION_ID}:product:tier-1:1:{fingerprint({'name': 'VIP'})}"
    others = [
        idempotency_key("another", "product:tier-1", 1, {"name": "VIP"}),
        idempotency_key(SESSION_ID, "product:tier-2", 1, {"name": "VIP"}),
        idempotency_key(SESSION_ID, "product:tier-1", 2, {"name": "VIP"}),
        idempotency_key(SESSION_ID, "product:tier-1", 1, {"name": "Standard"}),
    ]
    assert len({key, *others}) == 5


def test_a_key_that_is_too_long_for_stripe_is_refused() -> None:
    assert len(idempotency_key(SESSION_ID, "product:tier-999999999", 20, {})) <= 255
    with pytest.raises(ValueError, match="255"):
        idempotency_key("x" * 250, "product:tier-1", 1, {})


def test_an_account_key_hides_its_tenant() -> None:
    user, organization = Tenant("user", "ada"), Tenant("organization", "ada")
    key = account_key(user, livemode=False, generation=1)
    assert key == account_key(Tenant("user", "ada"), livemode=False, generation=1)
    others = [
        account_key(organization, livemode=False, generation=1),
        account_key(user, livemode=True, generation=1),
        account_key(user, livemode=False, generation=2),
    ]
    assert len({key, *others}) == 4
    assert "ada" not in key
    longest = account_key(Tenant("user", "x" * 10_000), livemode=False, generation=2**31 - 1)
    assert len(f"{longest}:bare") <= 255


def test_natural_keys_name_the_tier_and_fit() -> None:
    longest = sale(tier_id="tier-999999999", amount=99_999_999)
    assert longest.product_id == f"event-{EVENT_ID}-tier-999999999"
    assert len(longest.lookup_key) <= 200


@pytest.mark.parametrize(
    "changes", [{"amount": 4_000}, {"currency": "eur"}, {"tier_id": "tier-3"}, {"event_id": "x"}]
)
def test_another_price_has_another_lookup_key(changes: dict[str, object]) -> None:
    assert sale(**changes).lookup_key != sale().lookup_key


def test_a_donation_is_not_a_price() -> None:
    assert donation(tier_id="tier-1", amount=5_000).lookup_key != sale(amount=5_000).lookup_key
