"""A rush of buyers, of which ``python -m benchmarks rush`` is the full size."""

import asyncio
from ipaddress import IPv4Address
from typing import Any, Final
from uuid import uuid4

import httpx
from temporalio.testing import WorkflowEnvironment

from tests.sales.market import Sale, open_sale
from tests.sales.opening import market_in_process
from tests.sales.plans import Delivery, SalePlan, TierPlan
from tests.support.api import client_for
from tests.support.postgres import Database
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

TICKETS: Final = 20
BUYERS: Final = 40
AT_ONCE: Final = 20

PLAN: Final = SalePlan(0, (TierPlan("General", 2500, TICKETS),), TICKETS, TICKETS, waves=())


async def order_and_pay(sale: Sale, http: httpx.AsyncClient, number: int) -> bool:
    """Whether a buyer, with an address of its own, got a ticket; else it must be sold out."""
    response = await http.post(
        sale.orders_path,
        json={"items": [{"tier_id": sale.tiers[0], "quantity": 1}]},
        headers={
            "Idempotency-Key": uuid4().hex,
            "X-Forwarded-For": str(IPv4Address("10.0.0.1") + number),
        },
    )
    if not response.is_success:
        assert (response.status_code, response.json()["code"]) == (409, "sold_out")
        return False

    async def checkout_url() -> str | None:
        order = await http.get(response.headers["Location"])
        url: str | None = order.json()["checkout_url"]
        return url

    form = {"choice": "pay", "name": "Test Buyer", "email": "buyer@example.com"}
    url = await eventually(checkout_url, what="an open checkout")
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as browser:
        await browser.post(url, data=form)
    return True


async def test_a_rush_sells_exactly_all_tickets(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn
) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)
    proxied: dict[str, Any] = {"trusted_proxies": ("127.0.0.1",), "holds_per_address": 1}

    async def buy(sale: Sale, http: httpx.AsyncClient, number: int) -> bool:
        async with at_once:
            return await order_and_pay(sale, http, number)

    async with (
        market_in_process(temporal, database, stand_in, **proxied) as market,
        client_for(market.address, None) as http,
    ):
        sale = await open_sale(market, PLAN)
        await market.deliver(Delivery.PROMPT)
        served = await asyncio.gather(*(buy(sale, http, number) for number in range(BUYERS)))

        async def total() -> dict[str, int] | None:
            response = await sale.organizer.get(f"/v1/events/{sale.event_id}/sales")
            found: dict[str, int] = response.json()["total"]
            return found if found["held"] == 0 else None

        sold = await eventually(total, what="a sale without held tickets")

    assert sum(served) == TICKETS
    assert (sold["sold"], sold["left"]) == (TICKETS, 0)
