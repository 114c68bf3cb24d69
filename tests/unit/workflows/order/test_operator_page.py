"""What operators see of an order in the Temporal UI."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.orders.order import Order, OrderItem, OrderState
from payments.errors import ACCOUNT_GONE, UNAUTHORIZED
from workflows.order.operator_page import Progress, markdown

HELD_AT = datetime(2030, 1, 1, 12, tzinfo=UTC)
LOOK_AT = HELD_AT + timedelta(minutes=36)


def order(state: OrderState = OrderState.OPEN, **changed: Any) -> Order:
    return Order(
        **{
            "order_id": "o-1",
            "event_id": "e-1",
            "session_id": "s-1",
            "tenant": "user:ada",
            "state": state,
            "items": [OrderItem(tier_id="t-1", name="General", quantity=2, unit_amount=2500)],
            "amount_total": 5000,
            "currency": "usd",
            "stripe_account_id": "acct_1",
            "checkout_session_id": "cs_1",
            "holder": "secret-holder",
            "fingerprint": "secret-fingerprint",
            "created_at": HELD_AT,
            "expires_at": HELD_AT + timedelta(minutes=35),
            **changed,
        }
    )


def test_page_shows_what_was_ordered_and_the_next_look() -> None:
    page = markdown(order(), Progress(next_look_at=LOOK_AT))

    assert page.startswith("**open**")
    assert "- Next check at Stripe: 2030-01-01 12:36:00 UTC" in page
    assert "General                               2         2500\n" in page
    assert "total, usd" in page
    assert "secret" not in page
    assert "user:ada" not in page


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (UNAUTHORIZED, "Correct the key"),
        (ACCOUNT_GONE, "given back once the checkout has expired"),
        ("payments_not_found", "red in the timeline"),
    ],
)
def test_page_advises_after_a_refused_call(code: str, advice: str) -> None:
    page = markdown(order(), Progress(next_look_at=LOOK_AT, refused_as=code))
    assert advice in page
    assert f"`{code}`" in page


def test_page_of_a_final_order_plans_nothing() -> None:
    ended = order(OrderState.EXPIRED, reason="not_paid")
    page = markdown(ended, Progress(next_look_at=LOOK_AT, refused_as=UNAUTHORIZED))
    assert page.startswith("**expired (not_paid)**")
    assert "Next look" not in page
    assert "What to do" not in page


def test_page_keeps_a_name_inside_its_code_block() -> None:
    item = OrderItem(tier_id="t-1", name="```\n# Title " + "x" * 99, quantity=1, unit_amount=1)
    page = markdown(order(items=[item]), Progress(next_look_at=None))
    assert page.count("```") == 2
    assert "\n# Title" not in page
