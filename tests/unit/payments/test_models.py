"""The tiers of an event that are sold, and the repr of the models."""

import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr
from stripe import HTTPXClient

from payments.adapter import stripe_client
from payments.event_types import SUBSCRIBED_SNAPSHOTS, SUBSCRIBED_THIN
from payments.models import (
    EventSubject,
    ObjectReference,
    OnboardingLink,
    product_id_of,
    subject_of,
    tier_id_of,
    tier_sales,
)
from tests.unit.payments.fake_stripe import FakeStripe, adapter_on
from tests.unit.payments.sale_factories import EVENT_ID, SESSION_ID, event, tier

OPERATIONS: Final = Path(__file__).parents[3] / "docs/operations.md"


def test_subscribed_events_are_those_of_the_operations_guide() -> None:
    guide = OPERATIONS.read_text()
    rows = [line for line in guide.splitlines() if line.startswith("| `connect:`")]
    listed = {
        payload: re.findall(r"`([a-z0-9_.\[\]]+)`", events)
        for _, _, _, payload, events, _ in (row.split("|") for row in rows)
    }
    assert sorted(listed[" thin "]) == sorted(SUBSCRIBED_THIN)
    assert sorted(listed[" snapshot "]) == sorted(SUBSCRIBED_SNAPSHOTS)


@pytest.mark.parametrize("event_type", [*SUBSCRIBED_THIN, *SUBSCRIBED_SNAPSHOTS])
def test_a_subscribed_event_has_a_subject(event_type: str) -> None:
    reference = ObjectReference(type="any", id="any_1", order_id="order", payment_intent="pi_1")
    assert subject_of(event_type, "acct_1", reference) is not None


STORED = f"/media/{'ab' * 32}-1920.webp"


def test_paid_tiers_and_donations_are_for_sale() -> None:
    sales = tier_sales(
        event(
            tier(description="Front row", quantity=20),
            tier(id="tier-2", name="Free", kind="free", unit_amount=0),
            tier(id="tier-3", name="Gift", kind="donation", unit_amount=0),
            tier(id="tier-4", name="Elsewhere", quantity=0),
        )
    )
    assert [(sale.tier_id, sale.is_donation) for sale in sales] == [
        ("tier-1", False),
        ("tier-3", True),
    ]
    assert sales[0].model_dump() == {
        "session_id": SESSION_ID,
        "event_id": EVENT_ID,
        "tier_id": "tier-1",
        "name": "Summer Show: VIP",
        "description": "Sat 1 June 2030, 20:00 (UTC) · Grand Hall, Paris · Front row",
        "currency": "usd",
        "amount": 5_000,
        "is_donation": False,
        "least_amount": None,
        "quantity": 20,
        "min_per_order": 1,
        "max_per_order": 10,
        "picture": None,
    }


@pytest.mark.parametrize(
    ("url", "picture"),
    [(STORED, STORED), ("https://cdn.example/c.jpg", None), (None, None)],
)
def test_a_sale_has_the_cover_if_this_service_stores_it(
    url: str | None, picture: str | None
) -> None:
    show = event(tier(), sponsor_data={"media": {"cover": {"url": url}}})
    assert [sale.picture for sale in tier_sales(show)] == [picture]


def test_an_event_that_is_free_sells_nothing() -> None:
    assert tier_sales(event(tier(kind="free", unit_amount=0))) == []


def test_model_repr_shows_no_secret() -> None:
    link = OnboardingLink.model_validate(
        {"url": "https://connect.stripe.test/secret", "expires_at": "2030-01-01T00:00:00Z"}
    )
    assert "secret" not in f"{link!r}{link}{link.model_dump_json()}"
    assert link.url == SecretStr("https://connect.stripe.test/secret")
    adapter = adapter_on(FakeStripe(), api_key="sk_test_secret")
    assert "secret" not in f"{adapter!r}{vars(adapter)!r}"


@pytest.mark.parametrize("key", ["sk_live_secret", "rk_live_secret"])
def test_a_live_key_is_sent_to_stripe_only(key: str) -> None:
    http_client = HTTPXClient()
    with pytest.raises(ValueError, match="a live Stripe key is only for") as caught:
        stripe_client(key, "http://127.0.0.1:12111", http_client)
    assert "secret" not in str(caught.value)
    for base in (None, "https://api.stripe.com", "https://api.stripe.com/"):
        assert stripe_client(key, base, http_client)


def test_a_product_names_its_tier() -> None:
    assert tier_id_of(product_id_of(EVENT_ID, "tier-12")) == "tier-12"


@pytest.mark.parametrize(
    ("event_type", "named", "subject"),
    [
        ("account.updated", {}, EventSubject.ACCOUNT),
        ("v2.core.account[requirements].updated", {}, EventSubject.ACCOUNT),
        ("checkout.session.completed", {"order_id": "o"}, EventSubject.CHECKOUT),
        ("checkout.session.expired", {"order_id": "o"}, EventSubject.CHECKOUT),
        ("checkout.session.async_payment_failed", {"order_id": "o"}, EventSubject.CHECKOUT),
        ("checkout.session.async_payment_succeeded", {"order_id": "o"}, EventSubject.CHECKOUT),
        ("checkout.session.completed", {"payment_intent": "pi_1"}, None),
        ("charge.refunded", {"payment_intent": "pi_1"}, EventSubject.CHARGE),
        ("charge.dispute.created", {"payment_intent": "pi_1"}, EventSubject.CHARGE),
        ("charge.dispute.closed", {"payment_intent": "pi_1"}, EventSubject.CHARGE),
        ("refund.updated", {"payment_intent": "pi_1"}, EventSubject.CHARGE),
        ("refund.failed", {"payment_intent": "pi_1"}, EventSubject.CHARGE),
        ("charge.refunded", {"order_id": "o"}, None),
        ("charge.succeeded", {"order_id": "o", "payment_intent": "pi_1"}, None),
        ("invoice.paid", {"order_id": "o", "payment_intent": "pi_1"}, None),
    ],
)
def test_an_event_changes_an_account_or_an_order(
    event_type: str, named: dict[str, str], subject: EventSubject | None
) -> None:
    reference = ObjectReference(type="any", id="x_1", **named)
    assert subject_of(event_type, "acct_ada", reference) is subject
    assert subject_of(event_type, None, reference) is None


def test_an_account_event_needs_no_object() -> None:
    assert subject_of("account.updated", "acct_ada", None) is EventSubject.ACCOUNT
    assert subject_of("charge.refunded", "acct_ada", None) is None
