"""Errors of the database layer, and the translation from the driver's errors."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg

CONFLICTS: Final[tuple[type[Exception], ...]] = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
"""A concurrent transaction interfered. A repeat sees its result."""

UNMIGRATED: Final[tuple[type[Exception], ...]] = (
    asyncpg.UndefinedTableError,
    asyncpg.InsufficientPrivilegeError,
)
"""Raised by the query for applied migrations if none is applied."""

_UNAVAILABLE: Final[tuple[type[Exception], ...]] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,  # also raised by a connection that was lost earlier
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    # Roles and databases are missing, or refuse the login, until the set-up has created them.
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)


class DatabaseUnavailable(Exception):
    """Postgres is unreachable, starting, stopping or too slow, or does not accept the role yet. A
    repeat may succeed."""


class SchemaBehind(Exception):
    """Migrations of this version are not applied: ``migrate.py`` has not run yet.

    ``missing`` has their names.
    """

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(f"migrate.py has yet to apply {', '.join(sorted(missing))}")
        self.missing = frozenset(missing)


class WrongRole(Exception):
    """The process has a database role with which it must not run; the message is for operators. A
    repeat does not help."""


class NotReserved(Exception):
    """The session has no draft of its event, which a publication requires."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"session {session_id} has no event, neither a draft nor published")
        self.session_id = session_id


@contextmanager
def translated_errors() -> Iterator[None]:
    """
    Raises:
        DatabaseUnavailable: instead of the driver's errors that mean this; others pass unchanged.
    """
    try:
        yield
    except _UNAVAILABLE as error:
        raise DatabaseUnavailable(str(error) or type(error).__name__) from error
