"""The sessions that an event signals, and the outcome of events that signal none."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from activities.signalling import PAGE_SIZE
from db.pool import create_pool
from db.projection import DurableProjection
from tests.integration.db.read_model_factories import ADA, projection_of, session_view
from tests.integration.webhooks.connected_accounts import (
    account_fetches,
    connected,
    payments_with_status,
)
from tests.integration.webhooks.stripe_inbox import processed, signals_to
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle
from tests.support.stand_in import StandIn
from tests.support.stripe_events import snapshot, take, thin
from tests.support.system import System
from tests.support.wizard import Wizard, start

FIRST, MIDDLE, LAST = (str(UUID(f"{digit * 8}-0000-4000-8000-000000000000")) for digit in "08f")

IGNORED = [
    snapshot("acct_1", "invoice.paid"),
    snapshot("acct_1", "a.type.of.the.future"),
    snapshot(None, "balance.available"),
    snapshot(None, "account.updated"),
    thin("mtr_1", "v1.billing.meter.no_meter_found", related_object=None, context="acct_1"),
]


async def test_an_irrelevant_event_is_kept_and_marked(
    system: System, stripe: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    wizard, _ = await connected(ada)

    await take(stripe, *IGNORED)

    rows = await processed(system.database, len(IGNORED))
    assert {row.outcome for row in rows.values()} == {"ignored"}
    assert {row.payload for row in rows.values()} == {"{}"}
    assert await signals_to(system, wizard.session_id) == 0


@pytest.mark.parametrize("event", [snapshot("acct_of_nobody"), thin("acct_of_nobody")])
async def test_an_event_of_an_unknown_account_is_ignored(
    system: System, stripe: httpx.AsyncClient, ada: httpx.AsyncClient, event: dict[str, Any]
) -> None:
    wizard, _ = await connected(ada)

    await take(stripe, event)

    rows = await processed(system.database, 1)
    assert rows[event["id"]].outcome == "notified 0 sessions"
    assert await signals_to(system, wizard.session_id) == 0


async def test_an_event_signals_every_session_of_its_tenant(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn
) -> None:
    async with (
        client_for(system.address, token("ada", org="acme")) as ada,
        client_for(system.address, token("eve", org="acme")) as eve,
        client_for(system.address, token("ada")) as ada_alone,
    ):
        wizard, account = await connected(ada)
        colleagues = await start(eve)
        await complete_session_rows(system.database, system.temporal.client, colleagues.session_id)
        other_tenants, _ = await connected(ada_alone)
        await stand_in.move(account, "ready")
        event = thin(account)
        await stand_in.control.delete("/requests")

        await take(stripe, event)

        rows = await processed(system.database, 1)
        assert rows[event["id"]].outcome == "notified 2 sessions"
        assert len(await account_fetches(stand_in)) == 1
        for session in (wizard, colleagues):
            assert (await payments_with_status(session, "ready"))["account_id"] == account
        assert (await payments_with_status(other_tenants, "onboarding"))["account_id"] != account
        assert await signals_to(system, other_tenants.session_id) == 0


async def test_an_event_signals_no_closed_session(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """Nor a session whose end the read model does not have yet."""
    wizard, account = await connected(ada)
    abandoned, unseen = await start(ada), await start(ada)
    await abandoned.post("/abandon")
    for other in (abandoned, unseen):
        await complete_session_rows(system.database, system.temporal.client, other.session_id)
    await session_handle(system.temporal.client, unseen.session_id).terminate("closed elsewhere")
    await stand_in.move(account, "ready")
    event = thin(account)

    await take(stripe, event)

    rows = await processed(system.database, 1)
    assert rows[event["id"]].outcome == "notified 1 session"
    await payments_with_status(wizard, "ready")
    assert await signals_to(system, abandoned.session_id) == 0


async def test_an_event_signals_more_sessions_than_a_page(
    system: System, stripe: httpx.AsyncClient, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The first, middle and last sessions are real; the others exist as rows only."""
    _, account = await connected(ada)
    wizards = [await started(ada, session_id) for session_id in (FIRST, MIDDLE, LAST)]
    for wizard in wizards:
        await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    await insert_open_sessions(system, PAGE_SIZE + PAGE_SIZE // 2)
    await stand_in.move(account, "ready")
    event = thin(account)

    await take(stripe, event)

    rows = await processed(system.database, 1)
    assert rows[event["id"]].outcome == "notified 4 sessions"
    for wizard in wizards:
        await payments_with_status(wizard, "ready")
        assert await signals_to(system, wizard.session_id) == 1


async def started(http: httpx.AsyncClient, session_id: str) -> Wizard:
    answer = await http.post("/v1/sessions", json={"session_id": session_id})
    assert answer.status_code == 201, answer.text
    return Wizard(http, session_id)


async def insert_open_sessions(system: System, number: int) -> None:
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    views = [session_view(ADA, session_id=str(uuid4())) for _ in range(number)]
    try:
        await DurableProjection(pool).write([projection_of(view) for view in views])
    finally:
        await pool.close()
