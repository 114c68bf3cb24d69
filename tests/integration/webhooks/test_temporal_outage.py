"""An event that arrives while Temporal is unavailable is stored, and processed later."""

import time
from typing import Any, Final

import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.integration.webhooks.connected_accounts import connected, payments_with_status
from tests.integration.webhooks.stripe_inbox import make_old, processed, redrive, row_of
from tests.integration.webhooks.temporal_proxy import running_proxy
from tests.support.api import client_for, serving, settings_for
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.stripe_events import SECRETS, deliver, signed, snapshot, thin
from tests.support.system import System
from tests.support.ticket_orders import open_sale

# Port 9 is reserved for the discard service: nothing listens on it.
NOWHERE: Final = "127.0.0.1:9"

STRIPE_WAITS_SECONDS: Final = 5.0
"""Less than the timeout after which Stripe counts a delivery as failed."""


async def client_at(address: str, *, lazy: bool = False) -> Client:
    return await Client.connect(address, data_converter=pydantic_data_converter, lazy=lazy)


async def deliver_with_client(temporal: Client, system: System, event: dict[str, Any]) -> str:
    """Delivers an event to an API with this client of Temporal; returns the event's id."""
    settings = settings_for(system.database, stripe_webhook_secrets=SECRETS)
    async with serving(settings, temporal) as address, client_for(address, None) as http:
        begin = time.monotonic()
        answer = await deliver(http, signed(event))
        assert time.monotonic() - begin < STRIPE_WAITS_SECONDS
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"received": True, "new": True}
    event_id: str = event["id"]
    return event_id


async def test_an_event_is_stored_without_ever_reaching_temporal(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    unreachable = await client_at(NOWHERE, lazy=True)

    event_id = await deliver_with_client(unreachable, system, thin(account))

    assert (await row_of(system.database, event_id)).processed_at is None
    await make_old(system.database)
    assert await redrive(system) == 1
    rows = await processed(system.database, 1)
    assert rows[event_id].outcome == "notified 1 session"
    await payments_with_status(wizard, "ready")


async def test_an_event_is_stored_after_losing_temporal(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    async with running_proxy(system.temporal.client.service_client.config.target_host) as proxy:
        lost = await client_at(proxy.address)
        proxy.cut()

        event_id = await deliver_with_client(lost, system, thin(account))

    assert (await row_of(system.database, event_id)).processed_at is None
    await make_old(system.database)
    assert await redrive(system) == 1
    await processed(system.database, 1)
    await payments_with_status(wizard, "ready")


async def test_an_order_is_signalled_once_temporal_is_back(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await open_sale(
        system, stand_in, await start_seller(ada, stand_in, {"name": "General", "unit_amount": 900})
    )
    placed = await sale.place(1)
    checkout = {"id": "cs_1", "object": "checkout.session", "metadata": {"order": placed.order_id}}
    event = snapshot(sale.account, "checkout.session.completed", data={"object": checkout})

    event_id = await deliver_with_client(await client_at(NOWHERE, lazy=True), system, event)

    assert (await row_of(system.database, event_id)).processed_at is None
    await make_old(system.database)
    assert await redrive(system) == 1
    rows = await processed(system.database, 1)
    assert rows[event_id].outcome == "signalled the order"


async def test_a_repeated_delivery_starts_the_workflow(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    event = thin(account)
    unreachable = await client_at(NOWHERE, lazy=True)
    settings = settings_for(system.database, stripe_webhook_secrets=SECRETS)
    async with serving(settings, unreachable) as address, client_for(address, None) as http:
        assert (await deliver(http, signed(event))).status_code == 200

    again = await deliver(stripe, signed(event))

    assert again.json() == {"received": True, "new": False}
    await processed(system.database, 1)
    await payments_with_status(wizard, "ready")
