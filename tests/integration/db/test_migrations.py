"""Migrations run once, in order and one at a time, and are not edited after they ran."""

import asyncio

import asyncpg
import pytest

from db.migrate import Migration, MigrationError, migrate, read_migrations
from db.pool import Connection
from db.snapshot import SCHEMA, snapshot
from tests.support.postgres import Database, as_owner

NAMES = [migration.name for migration in read_migrations()]
LATER = Migration("9999_later", "ALTER TABLE wizard_sessions ADD COLUMN later text")


async def execute(database: Database, statement: str) -> None:
    async with as_owner(database) as connection:
        await connection.execute(statement)


async def test_migrations_are_applied_in_order_and_once(bare_database: Database) -> None:
    assert await migrate(bare_database.admin_dsn) == NAMES
    assert await migrate(bare_database.admin_dsn) == []


async def test_only_missing_migrations_are_applied(database: Database) -> None:
    assert await migrate(database.admin_dsn, [*read_migrations(), LATER]) == [LATER.name]


async def test_an_edited_migration_is_refused_and_nothing_applied(
    database: Database, admin: Connection
) -> None:
    first, *following = read_migrations()
    edited = Migration(first.name, first.text + "-- edited\n")

    with pytest.raises(MigrationError, match=first.name):
        await migrate(database.admin_dsn, [edited, *following, LATER])

    applied = await admin.fetch("SELECT name FROM schema_migrations ORDER BY name")
    assert [row["name"] for row in applied] == NAMES


async def test_a_migration_that_fails_changes_nothing(
    database: Database, admin: Connection
) -> None:
    broken = Migration("9998_broken", "CREATE TABLE half_done (id int); SELECT no_such_function()")

    with pytest.raises(asyncpg.UndefinedFunctionError):
        await migrate(database.admin_dsn, [*read_migrations(), broken, LATER])

    assert await admin.fetchval("SELECT to_regclass('half_done')") is None
    assert await migrate(database.admin_dsn, [*read_migrations(), LATER]) == [LATER.name]


async def test_concurrent_runs_apply_each_migration_once(bare_database: Database) -> None:
    applied = await asyncio.gather(*(migrate(bare_database.admin_dsn) for _ in range(5)))

    assert sorted(applied) == [[], [], [], [], NAMES]


async def test_a_migration_waits_for_a_lock_without_blocking(
    database: Database, admin: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.migrate.LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr("db.migrate.PAUSE", 0.1)
    reader = admin.transaction()
    await reader.start()
    await admin.execute("SELECT FROM wizard_sessions")
    migrating = asyncio.create_task(migrate(database.admin_dsn, [*read_migrations(), LATER]))

    # Another reader is not blocked; it would be if the migration kept waiting for its lock.
    await asyncio.wait_for(execute(database, "SELECT FROM wizard_sessions"), timeout=10)
    assert not migrating.done()
    await reader.commit()

    assert await asyncio.wait_for(migrating, timeout=10) == [LATER.name]


async def test_a_migration_without_its_lock_fails(
    database: Database, admin: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.migrate.LOCK_TIMEOUT", "10ms")
    monkeypatch.setattr("db.migrate.PAUSE", 0)
    monkeypatch.setattr("db.migrate.ATTEMPTS", 2)
    async with admin.transaction():
        await admin.execute("SELECT FROM wizard_sessions")
        with pytest.raises(MigrationError, match=LATER.name):
            await migrate(database.admin_dsn, [*read_migrations(), LATER])


async def test_an_existing_auth_uid_of_supabase_is_kept(bare_database: Database) -> None:
    existing_auth = "CREATE SCHEMA auth; CREATE FUNCTION auth.uid() RETURNS uuid RETURN NULL::uuid;"
    await execute(bare_database, existing_auth)

    await migrate(bare_database.admin_dsn)

    connection = await asyncpg.connect(bare_database.admin_dsn)
    source = await connection.fetchval("SELECT pg_get_functiondef('auth.uid()'::regprocedure)")
    await connection.close()
    assert "RETURN NULL::uuid" in source


async def test_the_snapshot_is_the_result_of_the_migrations(database: Database) -> None:
    dumped = snapshot(database.admin_dsn, database.server.programs / "pg_dump")

    assert SCHEMA.read_text(encoding="utf-8") == dumped, "run python -m db.snapshot"
