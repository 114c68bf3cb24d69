"""Changes of sessions are announced by messages, or found by comparison if messages are lost."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest

from api.live import hub as hub_module
from api.live.hub import Announced, SessionHub, Subscription
from db.errors import WrongRole
from db.pool import Pool, create_pool
from db.projection import DurableProjection, LiveProjection
from db.roles import LISTENER
from domain.session.view import SessionView
from observability.metrics import ApiMetrics
from tests.integration.db.read_model_factories import projection_of, session_view
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually, until

PATIENCE: Final = 20.0
"""Seconds; a busy machine may take some of them."""

NEVER: Final = 3600.0
"""Seconds."""

VIEW = Announced(view=True, presence=False)
BOTH = Announced(view=True, presence=True)

LISTENERS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'event-wizard-api-listen'"
WITHOUT_ANNOUNCEMENTS = """
CREATE OR REPLACE FUNCTION wizard_announce_session() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN RETURN NULL; END'
"""


async def save(pool: Pool, view: SessionView, revision: int) -> None:
    changed = view.model_copy(update={"revision": revision})
    await LiveProjection(pool).write([projection_of(changed, ())])


async def announce_presence(pool: Pool, session_id: str) -> None:
    await pool.execute("SELECT pg_notify('wizard_sessions', $1)", f"{session_id} presence")


async def receive_what_was_sent(pool: Pool, session_id: str, changes: Subscription) -> bool:
    """Postgres delivers messages in the order of their commits, but some time after them. So a
    message of our own is the last of those that were sent so far.

    Returns:
        Whether the view was announced too.
    """
    await announce_presence(pool, session_id)
    view = False
    while True:
        announced = await changes.next(PATIENCE)
        assert announced is not None
        view |= announced.view
        if announced.presence:
            return view


async def settle(pool: Pool, session_id: str, changes: Subscription) -> None:
    """Until the messages sent so far and the first comparison are past."""
    if not await receive_what_was_sent(pool, session_id, changes):
        assert await changes.next(PATIENCE) == VIEW


@pytest.fixture
def no_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only messages can announce a change; the hub starts after this fixture."""
    monkeypatch.setattr(hub_module, "COMPARE_SECONDS", NEVER)
    monkeypatch.setattr(hub_module, "POLL_SECONDS", NEVER)


@pytest.fixture
async def saved(pool: Pool) -> SessionView:
    view = session_view()
    await save(pool, view, 3)
    return view


async def test_a_change_is_announced(
    no_comparisons: None, hub: SessionHub, pool: Pool, saved: SessionView
) -> None:
    with hub.subscribe(saved.session_id) as changes:
        await receive_what_was_sent(pool, saved.session_id, changes)

        await save(pool, saved, 4)

        assert await changes.next(PATIENCE) == VIEW


async def test_a_new_session_is_announced(
    no_comparisons: None, hub: SessionHub, pool: Pool
) -> None:
    view = session_view()
    with hub.subscribe(view.session_id) as changes:
        await save(pool, view, 0)

        assert await changes.next(PATIENCE) == VIEW


async def test_presence_is_announced_without_the_view(
    no_comparisons: None, hub: SessionHub, pool: Pool, saved: SessionView
) -> None:
    with hub.subscribe(saved.session_id) as changes:
        await receive_what_was_sent(pool, saved.session_id, changes)

        await announce_presence(pool, saved.session_id)

        assert await changes.next(PATIENCE) == Announced(view=False, presence=True)


async def test_a_lost_announcement_is_found_by_comparison(
    hub: SessionHub, pool: Pool, database: Database, saved: SessionView, metrics: ApiMetrics
) -> None:
    with hub.subscribe(saved.session_id) as changes:
        await settle(pool, saved.session_id, changes)
        async with as_owner(database) as owner:
            await owner.execute(WITHOUT_ANNOUNCEMENTS)

        await save(pool, saved, 4)

        assert await changes.next(PATIENCE) == VIEW
        assert "wizard_live_found_by_comparison_total 1.0" in metrics.text().decode()
        assert hub.is_listening  # its own messages arrive


async def test_an_ended_connection_is_replaced_and_all_announced(
    no_comparisons: None, hub: SessionHub, pool: Pool, database: Database, saved: SessionView
) -> None:
    with hub.subscribe(saved.session_id) as changes:
        await receive_what_was_sent(pool, saved.session_id, changes)
        async with as_owner(database) as owner:
            await owner.execute(f"SELECT pg_terminate_backend(pid) FROM ({LISTENERS}) AS l")

        assert await changes.next(PATIENCE) == BOTH
        assert hub.is_listening


async def test_a_silent_connection_is_replaced(
    hub: SessionHub, pool: Pool, database: Database, saved: SessionView
) -> None:
    """Its server process does not respond, and the connection stays open."""
    async with as_owner(database) as owner:
        silent = await owner.fetchval(LISTENERS)
        with hub.subscribe(saved.session_id) as changes:
            await settle(pool, saved.session_id, changes)
            os.kill(silent, signal.SIGSTOP)
            try:
                await save(pool, saved, 4)
                assert await changes.next(PATIENCE) == VIEW

                async def replacement() -> bool:
                    found = {row["pid"] for row in await owner.fetch(LISTENERS)}
                    return bool(found - {silent}) and hub.is_listening

                await eventually(replacement, within=PATIENCE, what="another connection")
            finally:
                os.kill(silent, signal.SIGCONT)


async def test_a_change_after_a_restart_of_postgres_is_announced(
    no_comparisons: None, hub: SessionHub, pool: Pool, database: Database, saved: SessionView
) -> None:
    with hub.subscribe(saved.session_id) as changes:
        await receive_what_was_sent(pool, saved.session_id, changes)
        database.server.stop()
        await until(lambda: not hub.is_listening)
        database.server.start()

        assert await changes.next(PATIENCE) == BOTH
        await until(lambda: hub.is_listening)
        await save(pool, saved, 4)
        assert await changes.next(PATIENCE) == VIEW


@asynccontextmanager
async def hub_on(
    pool: Pool, dsn: str, on_wrong_role: Callable[[WrongRole], None] | None = None
) -> AsyncIterator[SessionHub]:
    hub = SessionHub(pool, dsn, LISTENER, ApiMetrics(), on_wrong_role=on_wrong_role)
    await hub.start()
    yield hub
    await hub.stop()


@pytest.mark.parametrize("place", ["refused", "silent"])
async def test_without_messages_changes_are_found_by_polling(
    pool: Pool,
    database: Database,
    saved: SessionView,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """Nothing listens at the address, or no message arrives there, as behind a pooler."""
    monkeypatch.setattr(hub_module, "COMPARE_SECONDS", NEVER)  # the pause while messages arrive
    dsn = {
        "refused": "postgresql://wizard_api@127.0.0.1:1/none",
        "silent": database.server.dsn("wizard_template", "wizard_api"),
    }[place]
    async with hub_on(pool, dsn) as hub:
        with hub.subscribe(saved.session_id) as changes:
            assert await changes.next(PATIENCE) == VIEW  # the first comparison

            await save(pool, saved, 4)

            assert await changes.next(PATIENCE) == VIEW
            assert not hub.is_listening


async def test_a_wrong_role_is_reported(pool: Pool, database: Database) -> None:
    refused: list[WrongRole] = []
    async with hub_on(pool, database.worker_dsn, refused.append) as hub:
        await until(lambda: bool(refused))

        assert "wizard_worker of DATABASE_LISTEN_URL" in str(refused[0])
        assert not hub.is_listening


async def test_both_writers_announce(
    no_comparisons: None, hub: SessionHub, pool: Pool, database: Database, saved: SessionView
) -> None:
    worker = await create_pool(database.worker_dsn, application_name="test-worker")
    with hub.subscribe(saved.session_id) as changes:
        await receive_what_was_sent(pool, saved.session_id, changes)
        changed = saved.model_copy(update={"revision": 4})
        await DurableProjection(worker).write([projection_of(changed, ())])

        assert await changes.next(PATIENCE) == VIEW
    await worker.close()
