"""The changes of an order, and what each adds to the inventory."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.orders.accounting import Share, change_of, shares_of
from domain.orders.fees import FeePolicy
from domain.orders.inventory import WHOLE_EVENT
from domain.orders.order import Order, OrderItem, OrderRequest, OrderState, PublicOrder
from domain.orders.transitions import (
    ChargeStatus,
    NotConfirmed,
    Payment,
    amounts_refunded,
    charged,
    held,
    opened,
    paid,
    processing,
    released,
)
from tests.unit.domain.orders.sold_events import NOW, sold_event

ITEMS = [
    OrderItem(tier_id="a", name="A", quantity=2, unit_amount=2500),
    OrderItem(tier_id="b", name="B", quantity=1, unit_amount=1000),
]
REQUEST = OrderRequest(
    order_id="33333333-3333-4333-8333-333333333333",
    event_id="11111111-1111-4111-8111-111111111111",
    items=[],
    fingerprint="f",
    holder="h",
    page_url="https://tickets.example.com/e/spring-show",
)
PAYMENT = Payment(
    amount_total=5400, amounts={"a": 4500, "b": 900}, payment_intent_id="pi_1", at=NOW
)


def new() -> Order:
    return held(REQUEST, sold_event(), ITEMS, fee=FeePolicy().fee(6000, "eur"), at=NOW)


def status(amount: int, **changed: Any) -> ChargeStatus:
    return ChargeStatus(
        **{"amount_refunded": amount, "is_refunded": amount >= 5400, "at": NOW, **changed}
    )


def test_a_new_order_has_35_minutes() -> None:
    order = new()
    assert (order.state, order.amount_total, order.tenant) == ("held", 6000, "user:ada")
    assert order.expires_at - order.created_at == timedelta(minutes=35)
    assert shares_of(order)[WHOLE_EVENT] == Share(held=3)


def test_the_checkout_is_public_while_the_order_is_open() -> None:
    order = opened(new(), "cs_1", "https://checkout.example.com/1", NOW)
    assert PublicOrder.of(order).checkout_url == "https://checkout.example.com/1"
    for later in (
        processing(order),
        paid(order, PAYMENT),
        released(order, OrderState.CANCELLED, "buyer", NOW),
    ):
        assert PublicOrder.of(later).checkout_url is None
        assert later.checkout_url is None
    assert "holder" not in PublicOrder.of(order).model_dump()


def test_a_paid_order_has_what_was_paid() -> None:
    order = paid(opened(new(), "cs_1", "https://checkout.example.com/1", NOW), PAYMENT)
    assert [item.amount for item in order.items] == [4500, 900]
    assert (order.amount_total, order.holder, order.paid_at) == (5400, None, NOW)
    assert shares_of(order)["a"] == Share(sold=2, amount=4500)
    assert change_of(new(), order)["b"] == Share(sold=1, held=-1, amount=900)


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_a_release_gives_tickets_back_once(state: OrderState) -> None:
    order = released(new(), state, "not_paid", NOW)
    assert (order.state, order.reason, order.closed_at) == (state, "not_paid", NOW)
    assert shares_of(order)[WHOLE_EVENT] == Share()
    assert released(order, OrderState.EXPIRED, "other", NOW) == order


def test_no_change_takes_a_payment_back() -> None:
    order = paid(new(), PAYMENT)
    assert opened(order, "cs_2", "https://checkout.example.com/2", NOW) == order
    assert processing(order) == order
    assert released(order, OrderState.EXPIRED, "not_paid", NOW) == order
    assert paid(order, PAYMENT.model_copy(update={"amount_total": 1})) == order


def test_a_charge_of_an_unpaid_order_waits() -> None:
    with pytest.raises(NotConfirmed):
        charged(new(), status(100))


def test_a_full_refund_stays_one() -> None:
    order = charged(paid(new(), PAYMENT), status(5400))
    assert order.state is OrderState.REFUNDED
    assert shares_of(order)[WHOLE_EVENT] == Share(amount=5400, refunded=5400)
    later = charged(order, status(0, at=NOW + timedelta(hours=1)))
    assert later.state is OrderState.REFUNDED


def test_an_older_answer_does_not_replace_a_newer() -> None:
    order = charged(paid(new(), PAYMENT), status(300))
    assert charged(order, status(100, at=NOW - timedelta(seconds=1))) == order


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.data())
def test_refunds_in_part_are_shared_out_without_a_remainder(
    first: int, second: int, data: st.DataObject
) -> None:
    total = first + second
    refunded = data.draw(st.integers(0, total))
    payment = Payment(amount_total=total, amounts={"a": first, "b": second}, at=NOW)
    order = paid(new(), payment).model_copy(update={"amount_refunded": refunded})

    shares = amounts_refunded(order)

    assert sum(shares.values()) == (refunded if total else 0)
    assert 0 <= shares["a"] <= first
    assert 0 <= shares["b"] <= second
