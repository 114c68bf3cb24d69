"""The inbox stores each event once, and keeps the first outcome."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from db.inbox import Inbox, InboxWriter, StoredEvent
from db.pool import Connection, Pool

CREATED = datetime(2030, 3, 1, 12, tzinfo=UTC)
PAYLOAD: dict[str, Any] = {"id": "evt_1", "data": {"object": {"name": "Grüne Höhle 🎪"}}}


async def put(api: Pool, event_id: str = "evt_1", **changed: Any) -> bool:
    fields: dict[str, Any] = {
        "event_type": "account.updated",
        "account_id": "acct_1",
        "livemode": False,
        "payload": PAYLOAD,
        "created_at": CREATED,
        **changed,
    }
    return await InboxWriter(api).put(event_id, **fields)


async def age(admin: Connection, event_id: str, **by: float) -> None:
    await admin.execute(
        "UPDATE stripe_events SET received_at = received_at - $2::interval WHERE id = $1",
        event_id,
        timedelta(**by),
    )


async def row(admin: Connection) -> dict[str, Any]:
    (only,) = await admin.fetch("SELECT * FROM stripe_events")
    return dict(only)


@pytest.mark.parametrize("account_id", ["acct_1", None])
async def test_an_event_is_read_as_it_was_stored(
    api: Pool, worker: Pool, account_id: str | None
) -> None:
    assert await put(api, account_id=account_id, livemode=True)

    assert await Inbox(worker).get("evt_1") == StoredEvent(
        id="evt_1", type="account.updated", account_id=account_id, livemode=True, processed=False
    )
    assert await worker.fetchval("SELECT payload FROM stripe_events") == PAYLOAD
    assert await worker.fetchval("SELECT created_at FROM stripe_events") == CREATED


async def test_an_unknown_event_is_not_found(worker: Pool) -> None:
    assert await Inbox(worker).get("evt_1") is None


async def test_the_first_event_of_an_id_is_kept(api: Pool, admin: Connection) -> None:
    assert await put(api)
    before = await row(admin)

    assert not await put(api, account_id="acct_2", payload={}, event_type="other")

    assert await row(admin) == before


async def test_concurrent_puts_of_an_event_store_it_once(api: Pool, admin: Connection) -> None:
    new = await asyncio.gather(*(put(api) for _ in range(20)))

    assert new.count(True) == 1
    await row(admin)


async def test_the_first_outcome_is_kept(api: Pool, worker: Pool, admin: Connection) -> None:
    inbox = Inbox(worker)
    await put(api)
    await inbox.processed("evt_1", "notified 1 session")
    before = await row(admin)

    await inbox.processed("evt_1", "ignored")
    await inbox.failed("evt_1", "too late")

    assert await row(admin) == before
    assert (before["outcome"], before["error"]) == ("notified 1 session", None)
    assert before["processed_at"] >= before["received_at"]
    stored = await inbox.get("evt_1")
    assert stored is not None
    assert stored.processed


async def test_an_error_is_that_of_the_last_attempt(
    api: Pool, worker: Pool, admin: Connection
) -> None:
    inbox = Inbox(worker)
    await put(api)
    for error in ("first", "second"):
        await inbox.failed("evt_1", error)
    failed = await row(admin)

    await inbox.processed("evt_1", "ignored")

    assert (failed["error"], failed["processed_at"], failed["outcome"]) == ("second", None, None)
    assert (await row(admin))["error"] is None


async def test_stamping_an_unknown_event_does_nothing(worker: Pool, admin: Connection) -> None:
    await Inbox(worker).processed("evt_1", "ignored")
    await Inbox(worker).failed("evt_1", "lost")

    assert await admin.fetch("SELECT * FROM stripe_events") == []


async def test_stranded_events_are_old_unprocessed_oldest_first(
    api: Pool, worker: Pool, admin: Connection
) -> None:
    inbox = Inbox(worker)
    for number in range(5):
        await put(api, f"evt_{number}")
        await age(admin, f"evt_{number}", minutes=number)
    await inbox.processed("evt_3", "ignored")
    await inbox.failed("evt_2", "routing")

    assert await inbox.stranded(older_than_seconds=90, limit=9) == ["evt_4", "evt_2"]
    assert await inbox.stranded(older_than_seconds=90, limit=1) == ["evt_4"]
    assert await inbox.stranded(older_than_seconds=3600, limit=9) == []


async def test_the_api_stores_events_and_cannot_read_them(api: Pool, admin: Connection) -> None:
    await put(api)
    for role in ("wizard_api", "wizard_inbox"):
        async with api.acquire() as connection:
            await connection.execute(f"SET ROLE {role}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT payload FROM stripe_events")
            await connection.execute("RESET ROLE")
