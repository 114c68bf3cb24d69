"""What can go wrong in Postgres, and the translation from the driver's errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


class DatabaseUnavailable(Exception):
    """Postgres is out of reach, starting, stopping or too slow. A repeat may succeed."""


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
def _away() -> tuple[type[Exception], ...]:
    """InterfaceError is among them: a connection that was lost earlier answers with it."""
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
    )
