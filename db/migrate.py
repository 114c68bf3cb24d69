"""Migrations: the files of ``db/migrations`` in the order of their names, each applied once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from db.errors import DatabaseUnavailable, translated_errors
from db.pool import CONNECT_TIMEOUT, MIGRATIONS, Connection, address_of

# A migration that waits for a lock blocks all later transactions on the table, so it gives up soon
# and retries.
LOCK_TIMEOUT: Final = "3s"
STATEMENT_TIMEOUT: Final = "5min"
ATTEMPTS: Final = 20
PAUSE: Final = 1.0

# Any number, the same in every process that migrates this database.
_ADVISORY_LOCK: Final = 7_004_001

_BOOTSTRAP: Final = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        name text PRIMARY KEY,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY;
"""

_log = structlog.get_logger(__name__)


class MigrationError(Exception):
    """The migrations and the database do not match: manual intervention is required."""


@dataclass(frozen=True)
class Migration:
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def read_migrations(directory: Path = MIGRATIONS) -> list[Migration]:
    return [
        Migration(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(directory.glob("*.sql"))
    ]


async def migrate(dsn: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Applies the missing migrations, and returns their names.

    A concurrent call waits for the first, and then finds nothing to apply.

    Args:
        dsn: of a role that owns the schema and may create roles.

    Raises:
        MigrationError: an applied migration was edited, a migration got no lock, or the address is
            that of PgBouncer.
        DatabaseUnavailable: Postgres does not respond; a repeat is safe.
    """
    wanted = read_migrations() if migrations is None else migrations
    with translated_errors():
        connection = await _connect(dsn)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _ADVISORY_LOCK)
            return await _apply_missing(connection, wanted)
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT)  # releases the lock as well


async def _connect(dsn: str) -> Connection:
    try:
        return await asyncpg.connect(
            dsn,
            timeout=CONNECT_TIMEOUT,
            server_settings={"application_name": "wizard-migrate", "search_path": "public"},
        )
    except asyncpg.ProtocolViolationError as error:
        if "startup parameter" not in str(error):
            raise
        raise MigrationError(
            f"DATABASE_MIGRATION_URL is the address of a pooler ({address_of(dsn)}: {error}). "
            "Set it to that of Postgres itself: the lock of the migrations lasts for several "
            "transactions."
        ) from error


async def migrate_when_ready(dsn: str) -> list[str]:
    """As :func:`migrate`, but waits without a limit until Postgres is available.

    Raises:
        MigrationError: as :func:`migrate`.
    """
    while True:
        try:
            return await migrate(dsn)
        except DatabaseUnavailable as error:
            _log.warning("waiting for Postgres", at=address_of(dsn), reason=str(error))
        await asyncio.sleep(PAUSE)


async def _apply_missing(connection: Connection, wanted: Sequence[Migration]) -> list[str]:
    await connection.execute(_BOOTSTRAP)
    rows = await connection.fetch("SELECT name, checksum FROM schema_migrations")
    applied = {row["name"]: row["checksum"] for row in rows}
    _refuse_edited(wanted, applied)
    missing = [migration for migration in wanted if migration.name not in applied]
    for migration in missing:
        await _apply(connection, migration)
        _log.info("migration applied", name=migration.name)
    return [migration.name for migration in missing]


def _refuse_edited(wanted: Sequence[Migration], applied: Mapping[str, str]) -> None:
    edited = [
        migration.name
        for migration in wanted
        if applied.get(migration.name, migration.checksum) != migration.checksum
    ]
    if edited:
        raise MigrationError(
            f"migrations were edited after they were applied: {', '.join(edited)}. "
            "Restore them, and write a new migration for the change."
        )


async def _apply(connection: Connection, migration: Migration) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                await connection.execute(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
                await connection.execute(migration.text)
                await connection.execute(
                    "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)",
                    migration.name,
                    migration.checksum,
                )
        except asyncpg.LockNotAvailableError as error:
            if attempt == ATTEMPTS:
                raise MigrationError(
                    f"{migration.name} could not get its lock in {ATTEMPTS} attempts: {error}"
                ) from error
            _log.warning("migration is waiting for a lock", name=migration.name, attempt=attempt)
        else:
            return
        await asyncio.sleep(PAUSE)
