"""Closed sessions and processed Stripe payloads are deleted after their retention, not before."""

from uuid import uuid4

import asyncpg
import pytest

from activities.retention import RetentionPeriods
from domain import ids
from tests.integration.notifications.outbox import an_expired_session, put, rows_of
from tests.support.api import client_for, token
from tests.support.order_rows import an_order, put_event, put_orders
from tests.support.postgres import as_owner, tables_with
from tests.support.session_rows import session_rows_of
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

DAY = 24 * 60 * 60
OLD, NEW, WAITING = "evt_old", "evt_new", "evt_waiting"
REFERENCE = '{"reference": {"id": "acct_1", "type": "account"}}'


async def run_retention(system: System) -> None:
    await system.temporal.client.execute_workflow(
        ids.WIZARD_RETENTION, id=f"retention-{uuid4()}", task_queue=ids.TASK_QUEUE
    )


async def closed_and_open(system: System) -> tuple[Wizard, Wizard, Wizard]:
    """An old closed session, a newly closed one, and an old open one."""
    async with client_for(system.address, token("ada")) as http:
        old, new, still_open = [await start(http) for _ in range(3)]
        for wizard in (old, new):
            assert (await wizard.post("/abandon")).status_code == 200

        async def projected() -> bool:
            found = [
                await session_rows_of(system.database, wizard.session_id) for wizard in (old, new)
            ]
            return [rows.status for rows in found] == ["abandoned", "abandoned"]

        await eventually(projected, what="the read model")
    await execute(
        system,
        "UPDATE wizard_sessions SET updated_at = now() - interval '2 days' "
        f"WHERE session_id IN ('{old.session_id}', '{still_open.session_id}')",
    )
    return old, new, still_open


async def execute(system: System, statement: str) -> None:
    connection = await asyncpg.connect(system.database.admin_dsn)
    await connection.execute(statement)
    await connection.close()


async def payloads(system: System) -> dict[str, str]:
    connection = await asyncpg.connect(system.database.admin_dsn)
    rows = await connection.fetch("SELECT id, payload::text FROM stripe_events")
    await connection.close()
    return {row["id"]: row["payload"] for row in rows}


@pytest.fixture
async def stripe_events(api: System) -> None:
    for event_id, processed in (
        (OLD, "now() - interval '2 days'"),
        (NEW, "now()"),
        (WAITING, "NULL"),
    ):
        await execute(
            api,
            "INSERT INTO stripe_events (id, type, livemode, payload, created_at, processed_at) "
            f"VALUES ('{event_id}', 'account.updated', false, '{REFERENCE}', now(), {processed})",
        )


async def test_orders_of_long_over_events_are_deleted(api: System) -> None:
    async with as_owner(api.database) as admin:
        event = await put_event(admin)
        await put_orders(admin, an_order(event))
        await admin.execute(
            "INSERT INTO event_inventory (event_id, tier_id) SELECT id, '' FROM events"
        )
        await admin.execute("UPDATE events SET ends_at = now() - interval '2 days'")

        async def count_after(seconds: int) -> int:
            async with running_worker(api, retention=RetentionPeriods(orders=seconds)):
                await run_retention(api)
            return int(await admin.fetchval("SELECT count(*) FROM ticket_orders"))

        assert [await count_after(seconds) for seconds in (0, 3 * DAY, DAY)] == [1, 1, 0]


async def test_rows_past_their_retention_are_deleted(api: System, stripe_events: None) -> None:
    async with running_worker(api, retention=RetentionPeriods(DAY, DAY)):
        old, new, still_open = await closed_and_open(api)

        for _ in range(2):
            await run_retention(api)

        async def erased() -> bool:
            return (await session_rows_of(api.database, old.session_id)).status is None

        await eventually(erased, what="the erasure")
        assert (await session_rows_of(api.database, new.session_id)).status == "abandoned"
        assert (await session_rows_of(api.database, still_open.session_id)).status == "in_progress"
    assert await payloads(api) == {OLD: "{}", NEW: REFERENCE, WAITING: REFERENCE}


async def test_a_retention_of_zero_keeps_rows(api: System, stripe_events: None) -> None:
    async with running_worker(api, retention=RetentionPeriods(0, 0)):
        old, _, _ = await closed_and_open(api)

        await run_retention(api)

    assert (await session_rows_of(api.database, old.session_id)).status == "abandoned"
    assert set((await payloads(api)).values()) == {REFERENCE}


@pytest.mark.parametrize("period", [0, DAY])
async def test_payloads_of_earlier_releases_are_emptied(
    api: System, stripe_events: None, period: int
) -> None:
    """They have the whole event, with personal data; an API may still store one while it is
    replaced."""
    whole = (
        '{"id": "evt_new", "object": "event", "data": {"object": {"email": "ada@example.test"}}}'
    )
    await execute(
        api, f"UPDATE stripe_events SET payload = '{whole}' WHERE id IN ('{NEW}', '{WAITING}')"
    )
    async with running_worker(api, retention=RetentionPeriods(0, period)):
        await run_retention(api)

    kept = "{}" if period else REFERENCE
    assert await payloads(api) == {OLD: kept, NEW: "{}", WAITING: "{}"}
    assert await tables_with(api.database, "ada@example.test") == []


async def test_notifications_past_their_retention_are_deleted(api: System) -> None:
    await put(api.database, an_expired_session(), an_expired_session(), an_expired_session())
    old, new, waiting = [row.id for row in await rows_of(api.database)]
    for message_id, delivered in ((old, "now() - interval '2 days'"), (new, "now()")):
        await execute(
            api, f"UPDATE outbox SET delivered_at = {delivered} WHERE id = '{message_id}'"
        )

    for period, remaining in ((0, {old, new, waiting}), (DAY, {new, waiting})):
        async with running_worker(api, retention=RetentionPeriods(0, 0, period)):
            await run_retention(api)
        assert {row.id for row in await rows_of(api.database)} == remaining
