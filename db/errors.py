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
    EOFError,
    asyncpg.InterfaceError,  # also raised by a connection that was lost earlier
    asyncpg.InternalClientError,  # the driver's state does not fit the server's: it was cut off
    asyncpg.FatalPostgresError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,  # the disk or the files of the server
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.StatementCompletionUnknownError,
    asyncpg.SnapshotTooOldError,
    asyncpg.InvalidCachedStatementError,  # the schema was changed in the meantime
    # Roles and databases are missing, or refuse the login, until the set-up has created them.
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)

_MISTAKES: Final[tuple[type[Exception], ...]] = (
    ValueError,  # a configuration, or an argument of a query
    asyncpg.UnsupportedClientFeatureError,
    asyncpg.UnsupportedServerFeatureError,
)
"""Interface errors that no repeat resolves."""

_FATAL: Final = frozenset({"FATAL", "PANIC"})
"""Severities with which the server ends the connection, whatever the code is. A pooler in front of
it sends ``XX000`` so."""


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


class IssuersChanged(Exception):
    """The first issuer in the settings is not the one whose ids are stored without a prefix; the
    message is for operators. A repeat does not help."""

    def __init__(self, known: str) -> None:
        super().__init__(
            f"JWT_ISSUER must begin with {known}: the stored IDs of users and organizations are "
            "those of this issuer, and another one's would be taken for them. If the people are "
            f"the same, append ={known} to the list."
        )


class NotReserved(Exception):
    """The session has no draft of its event, which a publication requires."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"session {session_id} has no event, neither a draft nor published")
        self.session_id = session_id


class AccountEnded(Exception):
    """The Stripe account was stored and ended before: the tenant needs a new one."""

    def __init__(self, account_id: str) -> None:
        super().__init__(f"the account {account_id} was ended")
        self.account_id = account_id


def is_unavailable(error: Exception) -> bool:
    """Whether the error says that the database is unavailable, or that the connection was lost."""
    if isinstance(error, _MISTAKES):
        return False
    is_fatal = isinstance(error, asyncpg.PostgresError) and error.severity_en in _FATAL
    return is_fatal or isinstance(error, _UNAVAILABLE)


@contextmanager
def translated_errors(*also: type[Exception]) -> Iterator[None]:
    """
    Args:
        also: errors that mean this as well in this block.

    Raises:
        DatabaseUnavailable: instead of the driver's errors that mean this; others pass unchanged.
    """
    try:
        yield
    except Exception as error:
        if not is_unavailable(error) and not isinstance(error, also):
            raise
        raise DatabaseUnavailable(str(error) or type(error).__name__) from error
