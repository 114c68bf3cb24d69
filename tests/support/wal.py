"""The write-ahead log of Postgres, which can be made to need another file on a full disk."""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg

from tests.support.small_disk import SmallDisk

_MAX_FILES: Final = 20
"""More than Postgres prepares in advance."""

_NEXT_FILE: Final = "SELECT pg_switch_wal(), pg_logical_emit_message(true, 'tests', '')"
_TIMEOUT_SECONDS: Final = 5.0


async def fill_disk_of_log(dsn: str, disk: SmallDisk) -> None:
    """Fills the disk of Postgres, and uses all files that its log has, so that it ends by a panic.

    Args:
        dsn: a superuser's. If Postgres does not respond, only the disk is filled.
    """
    connection: asyncpg.Connection[asyncpg.Record] | None = None
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        # Before the disk is full: a new connection may need to write, too.
        connection = await asyncpg.connect(dsn, timeout=_TIMEOUT_SECONDS)
    await asyncio.to_thread(disk.fill)
    if connection is None:
        return
    try:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            for _ in range(_MAX_FILES):
                await connection.execute(_NEXT_FILE, timeout=_TIMEOUT_SECONDS)
    finally:
        connection.terminate()
