"""Events on sale, and buyers of their tickets, each over a connection of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.connection import Connection, UnexpectedStatus
from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from dev.demo.examples import load
from domain.ids import event_id_of
from domain.stages import Stage

Json = dict[str, Any]

EXAMPLE: Final = "paid-pop-up"
PRICE: Final = 2500
"""Minor units."""

PAYMENT: Final = b"choice=pay&name=Test+Buyer&email=buyer%40example.com"


@dataclass(frozen=True)
class BenchSale:
    """A published event with one kind of ticket."""

    event_id: str
    slug: str
    tier_id: str


async def connect_account(client: ApiClient) -> None:
    """Gets the tenant an account that can take payments."""
    session = await client.create()
    await session.pass_onboarding()

    async def can_take_payments() -> bool:
        view = await session.read_view()
        return bool(view["payments"]["status"] == "ready")

    await wait_until(can_take_payments, interval=0.1)
    await session.abandon()


async def session_to_publish(client: ApiClient, tiers: int) -> ApiSession:
    """A session that can be published, with so many paid tickets."""
    tickets = [{"name": f"Row {number}", "unit_amount": PRICE} for number in range(tiers)]
    return await _completed(client, {Stage.TICKET_SETUP: {"currency": "eur", "tiers": tickets}})


async def open_sale(client: ApiClient, quantity: int) -> BenchSale:
    """Publishes an event, of a tenant whose account can take payments."""
    session = await _completed(
        client,
        {
            Stage.VENUE_SETUP: {"mode": "virtual", "url": "https://live.example.com/show"},
            Stage.TICKET_SETUP: {
                "currency": "eur",
                "tiers": [{"name": "General", "unit_amount": PRICE, "quantity": quantity}],
            },
        },
    )
    await session.publish()
    event_id = event_id_of(session.id)
    event = json.loads(await client.request("GET", f"/v1/events/{event_id}"))
    return BenchSale(event_id, event["slug"], event["ticket_tiers"][0]["id"])


async def _completed(client: ApiClient, changed: Mapping[str, Json]) -> ApiSession:
    """A session with the example's stages, some of them changed, all completed."""
    session = await client.create()
    stages = load(EXAMPLE, datetime.now(UTC).date()).stages
    for stage, data in {**stages, **changed}.items():
        await session.save_stage(stage, data)
        await session.complete(stage)
    return session


class BuyerConnection:
    """A keep-alive connection that buyers use one after the other."""

    def __init__(self, http: Connection, stripe: Connection) -> None:
        self._http = http
        self._stripe = stripe

    @classmethod
    async def open(cls, bench: BenchStack) -> Self:
        stack = bench.stack
        if stack.stripe_url is None:
            raise RuntimeError("The stack has no stand-in for Stripe.")
        return cls(await Connection.open(stack.api_url), await Connection.open(stack.stripe_url))

    def close(self) -> None:
        self._http.close()
        self._stripe.close()

    async def order(self, sale: BenchSale) -> Json:
        """Holds one ticket. Returns the order with an open checkout.

        Raises:
            UnexpectedStatus: it is not a new order.
        """
        status, order = await self.try_to_order(sale)
        if status != HTTPStatus.CREATED:
            raise UnexpectedStatus(f"order: {status} {order}")
        return order

    async def try_to_order(
        self, sale: BenchSale, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Json]:
        """The status, and the order or the problem."""
        body = json.dumps({"items": [{"tier_id": sale.tier_id, "quantity": 1}]}).encode()
        sent = {
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
            **(headers or {}),
        }
        path = f"/v1/public/events/{sale.slug}/orders"
        status, content = await self._http.exchange("POST", path, sent, body)
        return status, json.loads(content)

    async def with_checkout(self, order: Json) -> Json:
        """The order once its checkout is open."""
        path = f"/v1/public/orders/{order['order_id']}"

        async def is_open() -> bool:
            nonlocal order
            order = json.loads(await self._http.request("GET", path, headers={}))
            return order["checkout_url"] is not None

        if order["checkout_url"] is None:
            await wait_until(is_open, interval=0.1)
        return order

    async def cancel(self, order: Json) -> None:
        path = f"/v1/public/orders/{order['order_id']}/cancel"
        await self._http.request("POST", path, headers={})

    async def pay(self, order: Json) -> None:
        """Submits the form of Stripe's page. A webhook informs the order."""
        await self._stripe.request(
            "POST",
            urlsplit(order["checkout_url"]).path,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=PAYMENT,
            expect=HTTPStatus.SEE_OTHER,
        )
