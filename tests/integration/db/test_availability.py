"""Postgres is unavailable: our own error without secrets, and recovery without a restart."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from structlog.testing import capture_logs

from db.accounts import StripeAccounts
from db.errors import DatabaseUnavailable, SchemaBehind
from db.inbox import Inbox, InboxWriter
from db.migrate import migrate, read_migrations
from db.pool import Connection, Pool, connect_when_ready, create_pool, ping, require_schema
from db.projection import DurableProjection, LiveProjection
from db.publications import Publications
from db.reads import EventReads, SessionReads
from db.roles import API
from db.transactions import reading_as
from domain.values.payments import Payments, PaymentStatus
from tests.integration.db.read_model_factories import (
    ADA,
    MOMENT,
    event,
    projection_of,
    session_view,
)
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually, until

# Port 9 is reserved for the discard service: nothing listens on it.
NOWHERE = "postgresql://wizard_api:s3cret@127.0.0.1:9/wizard"


CHECKED = Payments(account_id="acct_1", status=PaymentStatus.READY, checked_at=MOMENT)


async def test_every_repository_reports_an_outage_and_recovers(
    database: Database, api: Pool, worker: Pool
) -> None:
    projected = projection_of(session_view(), ())
    draft = event()
    sessions, events = SessionReads(api), EventReads(api)
    publications = Publications(worker)
    inbox, accounts = Inbox(worker), StripeAccounts(worker, livemode=False)
    operations: list[Callable[[], Awaitable[object]]] = [
        lambda: ping(api),
        lambda: LiveProjection(api).write([projected]),
        lambda: DurableProjection(worker).write([projected]),
        lambda: sessions.get(ADA, projected.view.session_id),
        lambda: sessions.list(ADA, status=None, limit=1, cursor=None),
        lambda: sessions.actions(ADA, projected.view.session_id, limit=1, cursor=None),
        lambda: sessions.sections_at(ADA, projected.view.session_id, 0),
        lambda: sessions.is_slug_taken("x", except_session=draft.session_id),
        lambda: events.get(ADA, draft.event_id),
        lambda: events.list(ADA, 1, None),
        lambda: events.public("x"),
        lambda: publications.is_slug_taken("x", except_session=draft.session_id),
        lambda: publications.reserve(draft),
        lambda: publications.publish(draft.session_id, at=MOMENT, projected=projected),
        lambda: publications.release(draft.session_id),
        lambda: InboxWriter(api).put(
            "evt_1",
            event_type="account.updated",
            account_id=None,
            livemode=False,
            payload={},
            created_at=MOMENT,
        ),
        lambda: inbox.get("evt_1"),
        lambda: inbox.failed("evt_1", "x"),
        lambda: inbox.processed("evt_1", "x"),
        lambda: inbox.stranded(older_than_seconds=0, limit=1),
        lambda: accounts.keep(ADA.tenant, "acct_1", 1),
        lambda: accounts.present(ADA.tenant),
        lambda: accounts.restore(ADA.tenant, CHECKED),
        lambda: accounts.note("acct_1", CHECKED),
        lambda: accounts.end(ADA.tenant, "acct_0", "account_gone", at=MOMENT),
        lambda: accounts.of(ADA.tenant),
        lambda: accounts.open_sessions("acct_1", after=None, limit=1),
    ]
    for operation in operations:
        await operation()

    database.server.stop()
    for operation in operations:
        with pytest.raises(DatabaseUnavailable):
            await operation()

    database.server.start()
    for operation in operations:
        await operation()


async def test_a_connection_cut_in_a_transaction_is_unavailable(
    api: Pool, admin: Connection
) -> None:
    async def read_while_it_is_cut() -> None:
        async with reading_as(api, ADA) as connection:
            await admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE usename = 'wizard_api'"
            )
            await connection.value("ping")

    with pytest.raises(DatabaseUnavailable):
        await read_while_it_is_cut()

    await ping(api)


async def test_a_statement_that_times_out_is_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.pool.STATEMENT_TIMEOUT", 1.0)
    pool = await create_pool(database.worker_dsn, application_name="test")
    async with as_owner(database) as admin:
        async with admin.transaction():
            await admin.execute("LOCK TABLE events")
            with pytest.raises(DatabaseUnavailable):
                await Publications(pool).reserve(event())
        await Publications(pool).reserve(event())
        await pool.close()


async def test_a_closed_pool_is_unavailable(database: Database) -> None:
    pool = await create_pool(database.api_dsn, application_name="test")
    await pool.close()

    with pytest.raises(DatabaseUnavailable):
        await ping(pool)


async def test_a_connection_error_hides_the_password() -> None:
    with capture_logs() as logs:
        waiting = asyncio.create_task(connect_when_ready(NOWHERE, API, application_name="test"))
        await until(lambda: bool(logs))
        waiting.cancel()
        await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert {entry["event"] for entry in logs} == {"waiting for Postgres"}
    assert {entry["at"] for entry in logs} == {"127.0.0.1:9/wizard"}
    assert "s3cret" not in str(logs)
    with pytest.raises(DatabaseUnavailable):
        await create_pool(NOWHERE, application_name="test")
    with pytest.raises(DatabaseUnavailable):
        await migrate(NOWHERE)


async def test_a_process_waits_until_postgres_is_available(database: Database) -> None:
    database.server.stop()
    connecting = asyncio.create_task(
        connect_when_ready(database.api_dsn, API, application_name="test")
    )
    await asyncio.sleep(0)  # so that it starts to connect
    await asyncio.to_thread(database.server.start)

    pool = await connecting
    await ping(pool)
    await pool.close()


async def test_a_process_waits_until_its_database_is_migrated(database: Database) -> None:
    late = f"{database.name}_late"
    admin = await asyncpg.connect(database.server.admin_dsn)
    try:
        with capture_logs() as logs:
            connecting = asyncio.create_task(
                connect_when_ready(
                    database.server.dsn(late, "wizard_api"), API, application_name="test"
                )
            )

            async def has_logged(reason: str) -> bool:
                return any(reason in entry.get("reason", "") for entry in logs)

            await eventually(lambda: has_logged("does not exist"), what="waiting for the database")
            await admin.execute(f"CREATE DATABASE {late}")
            await eventually(lambda: has_logged("migrate.py has yet to apply"), what="waiting")
            await migrate(database.server.dsn(late, "postgres"))
        await (await connecting).close()
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {late} WITH (FORCE)")
        await admin.close()


async def test_a_missing_migration_is_named(api: Pool, admin: Connection) -> None:
    await require_schema(api)
    await admin.execute("INSERT INTO schema_migrations (name, checksum) VALUES ('9999_later', '')")
    await require_schema(api)

    newest = await admin.fetchval(
        "DELETE FROM schema_migrations WHERE name = $1 RETURNING name", read_migrations()[-1].name
    )

    with pytest.raises(SchemaBehind, match=newest):
        await require_schema(api)


async def test_a_role_without_login_is_unavailable(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        await create_pool(
            database.server.dsn(database.name, "wizard_projector"), application_name="test"
        )
