"""The platform's share of an order, from the worker's options to the payment at Stripe."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.orders.fees import FeePolicy
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.ticket_orders import open_sale

FEES = FeePolicy(Decimal("2.5"), {"eur": 30, "jpy": 20, "kwd": 150})


async def payments_of(stand_in: StandIn, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await stand_in.get(
        "/objects", kind="payment_intent", account=account
    )
    return found


@pytest.fixture(scope="module")
async def system(api: System, running_stand_in: StandIn) -> AsyncIterator[System]:
    """With one worker for all currencies."""
    async with running_worker(api, stripe_url=running_stand_in.url, fees=FEES):
        yield api


@pytest.mark.parametrize(
    "case",
    [
        ("eur", 1_010, 81),  # 2.5 % of 2020 are 50.5
        ("jpy", 1_010, 71),
        ("kwd", 10_100, 660),  # 505, in steps of 10
        ("usd", 1_010, 51),
    ],
    ids=["eur", "jpy", "kwd", "usd"],
)
async def test_the_fee_of_an_order_reaches_its_payment(
    system: System,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
    case: tuple[str, int, int],
) -> None:
    currency, price, fee = case
    tier = {"name": "General", "unit_amount": price, "quantity": 5}
    seller = await start_seller(ada, stand_in, tier, currency=currency)
    sale = await open_sale(system, stand_in, seller)
    placed = await sale.place(2)
    await placed.pay()
    await placed.webhook()
    order = await placed.result()

    assert (order.state, order.application_fee, order.amount_total) == ("paid", fee, 2 * price)
    (payment,) = await payments_of(stand_in, seller.account)
    assert (payment["application_fee_amount"], payment["id"]) == (fee, order.payment_intent_id)
