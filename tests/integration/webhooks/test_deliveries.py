"""Repeated, reordered and concurrent deliveries of an event: one row and one effect."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.integration.webhooks.connected_accounts import connected, payments_with_status
from tests.integration.webhooks.stripe_inbox import processed, rows_of, signals_to
from tests.support.api import client_for
from tests.support.session_rows import complete_session_rows
from tests.support.stand_in import StandIn
from tests.support.stripe_events import CONNECT_SECRET, PATH, deliver, signed, snapshot, thin
from tests.support.system import System
from tests.support.waiting import eventually

TIMES = 5


async def completed_deliveries(stand_in: StandIn) -> list[dict[str, Any]]:
    async def all_taken() -> list[dict[str, Any]] | None:
        deliveries: list[dict[str, Any]] = await stand_in.get("/deliveries")
        return deliveries if all(delivery["delivered"] for delivery in deliveries) else None

    return await eventually(all_taken, what="every delivery")


@asynccontextmanager
async def account_fetched(stand_in: StandIn, account: str) -> AsyncIterator[None]:
    """After the block, waits until the account is fetched again."""
    await stand_in.control.delete("/requests")
    yield

    async def is_fetched() -> Any:
        return await stand_in.get("/requests", path=f"/v2/core/accounts/{account}")

    await eventually(is_fetched, what="another request for the account")


async def test_shuffled_deliveries_to_two_apis_are_processed_once(
    system: System, second_address: str, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Account events are thin, catalogue events are snapshots."""
    wizard, account = await connected(ada)
    await stand_in.move(account, "restricted")
    await stand_in.stripe().v1.products.create_async(
        {"id": "tote", "name": "Tote bag"}, {"stripe_account": account}
    )
    await stand_in.move(account, "ready")
    all_events = [
        *await stand_in.get("/objects", kind="v2.core.event"),
        *await stand_in.get("/objects", kind="event", account=account),
    ]
    signals_before = await signals_to(system, wizard.session_id)
    for address in (system.address, second_address):
        for payload in ("thin", "snapshot"):
            await stand_in.post(
                "/webhooks",
                url=f"{address}{PATH}",
                secret=CONNECT_SECRET,
                connect=True,
                payload=payload,
            )

    await stand_in.post("/events/redeliver", times=TIMES, shuffled=True)

    deliveries = await completed_deliveries(stand_in)
    assert len(deliveries) == 2 * TIMES * len(all_events)
    assert {(delivery["last_status"], delivery["attempts"]) for delivery in deliveries} == {
        (200, 1)
    }
    rows = await processed(system.database, len(all_events))
    outcomes = {row.type: row.outcome for row in rows.values()}
    assert outcomes.pop("product.created") == "ignored"
    assert set(outcomes.values()) == {"notified 1 session"}
    await payments_with_status(wizard, "ready")
    about_account = [event for event in all_events if event["object"] == "v2.core.event"]
    assert await signals_to(system, wizard.session_id) - signals_before == len(about_account)
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["check_payments"] * 2  # onboarding, ready


@pytest.mark.parametrize("kind", [snapshot, thin])
async def test_concurrent_deliveries_to_two_apis_are_stored_once(
    system: System,
    second_address: str,
    stand_in: StandIn,
    ada: httpx.AsyncClient,
    kind: Any,
) -> None:
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    events = [kind(account) for _ in range(4)]
    posts = [signed(event, age=age) for event in events for age in range(TIMES)]
    random.Random(7).shuffle(posts)

    async with (
        client_for(system.address, None) as first,
        client_for(second_address, None) as second,
    ):
        answers = await asyncio.gather(
            *(deliver(http, post) for post in posts for http in (first, second))
        )

    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["new"] for answer in answers) == len(events)
    rows = await processed(system.database, len(events))
    assert rows.keys() == {event["id"] for event in events}
    assert {row.outcome for row in rows.values()} == {"notified 1 session"}
    await payments_with_status(wizard, "ready")
    assert await signals_to(system, wizard.session_id) == len(events)
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["check_payments"] * 2


async def test_a_delivery_of_a_processed_event_changes_nothing(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    await stand_in.move(account, "ready")
    event = thin(account)
    await deliver(stripe, signed(event))
    before = await processed(system.database, 1)
    await payments_with_status(wizard, "ready")

    again = await deliver(stripe, signed(event))

    assert again.json() == {"received": True, "new": False}
    assert {row.id: row for row in await rows_of(system.database)} == before
    assert await signals_to(system, wizard.session_id) == 1


async def test_an_old_event_does_not_override_the_account(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    old_events = [
        snapshot(account, created=1_700_000_000),
        thin(account, created="2023-11-14T22:13:20.000Z"),
        snapshot(account, "capability.updated", data={"object": {"status": "inactive"}}),
    ]
    await stand_in.move(account, "ready")
    await deliver(stripe, signed(thin(account)))
    await payments_with_status(wizard, "ready")
    before = await complete_session_rows(system.database, system.temporal.client, wizard.session_id)

    async with account_fetched(stand_in, account):
        for event in old_events:
            await deliver(stripe, signed(event))
        await processed(system.database, 1 + len(old_events))

    await payments_with_status(wizard, "ready")
    after = await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert after == before


async def test_events_in_reverse_order_are_processed(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard, account = await connected(ada)
    ready, restricted = thin(account), thin(account)
    await stand_in.move(account, "ready")
    await stand_in.move(account, "restricted")

    await deliver(stripe, signed(restricted))
    payments = await payments_with_status(wizard, "restricted")
    async with account_fetched(stand_in, account):
        await deliver(stripe, signed(ready))
        await processed(system.database, 2)

    assert payments["requirements"]
    await payments_with_status(wizard, "restricted")
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names == ["check_payments"] * 2
