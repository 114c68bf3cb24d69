"""What can go wrong in Postgres, and the translation from the driver's errors."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache


class DatabaseUnavailable(Exception):
    """Postgres is out of reach, starting, stopping, too slow, or lets this role not in (yet). A
    repeat may succeed."""


class SchemaBehind(Exception):
    """Migrations that this version needs are not applied, or not known to be: ``migrate.py`` has
    not run yet."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(f"migrate.py has yet to apply {', '.join(sorted(missing))}")
        self.missing = frozenset(missing)


class NotReserved(Exception):
    """A publication without the draft that has to go before it."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"session {session_id} has no event, neither a draft nor published")
        self.session_id = session_id


@contextmanager
def translated() -> Iterator[None]:
    """Raises DatabaseUnavailable in place of what the driver raises when Postgres is away."""
    try:
        yield
    except _away() as error:
        raise DatabaseUnavailable(str(error) or type(error).__name__) from error


@cache
def conflicts() -> tuple[type[Exception], ...]:
    """Another transaction got in between. A repeat sees what that one did, and fits in."""
    import asyncpg  # noqa: PLC0415 - see the package's docstring

    return (
        asyncpg.UniqueViolationError,
        asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError,
    )


@cache
def unmigrated() -> tuple[type[Exception], ...]:
    """What a database answers about its migrations while it has none that this version knows."""
    import asyncpg  # noqa: PLC0415 - see the package's docstring

    return (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError)


@cache
def _away() -> tuple[type[Exception], ...]:
    """InterfaceError is among them: a connection that was lost earlier answers with it. So are a
    role or a database that is not there, or not open to us: both come with the set-up."""
    import asyncpg  # noqa: PLC0415 - see the package's docstring

    return (
        OSError,
        TimeoutError,
        asyncpg.InterfaceError,
        asyncpg.PostgresConnectionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.OperatorInterventionError,
        asyncpg.LockNotAvailableError,
        asyncpg.ReadOnlySQLTransactionError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
    )
