"""Which errors of the driver mean that the database is away: one decision for each of them."""

import asyncio
from collections.abc import Iterator
from typing import Final

import asyncpg
import pytest
from asyncpg.exceptions import _base

from db.errors import CONFLICTS, DatabaseUnavailable, is_unavailable, translated_errors

AWAY: Final = True
MISTAKE: Final = False

BY_CLASS: Final[dict[str, bool]] = {
    "03": MISTAKE,  # SQL statement not yet complete
    "08": AWAY,  # connection exception
    "09": MISTAKE,  # triggered action exception
    "0A": MISTAKE,  # feature not supported
    "0B": MISTAKE,  # invalid transaction initiation
    "0F": MISTAKE,  # locator exception
    "0L": MISTAKE,  # invalid grantor
    "0P": MISTAKE,  # invalid role specification
    "0Z": MISTAKE,  # diagnostics exception
    "10": MISTAKE,  # XQuery error
    "20": MISTAKE,  # case not found
    "21": MISTAKE,  # cardinality violation
    "22": MISTAKE,  # data exception
    "23": MISTAKE,  # integrity constraint violation
    "24": MISTAKE,  # invalid cursor state
    "25": MISTAKE,  # invalid transaction state
    "26": MISTAKE,  # invalid SQL statement name
    "27": MISTAKE,  # triggered data change violation
    "28": AWAY,  # invalid authorization specification
    "2B": MISTAKE,  # dependent privilege descriptors still exist
    "2D": MISTAKE,  # invalid transaction termination
    "2F": MISTAKE,  # SQL routine exception
    "34": MISTAKE,  # invalid cursor name
    "38": MISTAKE,  # external routine exception
    "39": MISTAKE,  # external routine invocation exception
    "3B": MISTAKE,  # savepoint exception
    "3D": AWAY,  # invalid catalog name
    "3F": MISTAKE,  # invalid schema name
    "40": MISTAKE,  # transaction rollback: a write is repeated
    "42": MISTAKE,  # syntax error or access rule violation
    "44": MISTAKE,  # WITH CHECK OPTION violation
    "53": AWAY,  # insufficient resources
    "54": MISTAKE,  # program limit exceeded
    "55": MISTAKE,  # object not in prerequisite state
    "57": AWAY,  # operator intervention
    "58": AWAY,  # system error
    "72": AWAY,  # snapshot too old
    "F0": MISTAKE,  # configuration file error
    "HV": MISTAKE,  # foreign data wrapper error
    "P0": MISTAKE,  # PL/pgSQL error
    "XX": MISTAKE,  # internal error
}
"""By the first two characters of an SQLSTATE (PostgreSQL, appendix A)."""

BY_STATE: Final[dict[type[asyncpg.PostgresError], bool]] = {
    asyncpg.InvalidCachedStatementError: AWAY,
    asyncpg.ReadOnlySQLTransactionError: AWAY,
    asyncpg.IdleInTransactionSessionTimeoutError: AWAY,
    asyncpg.TransactionTimeoutError: AWAY,
    asyncpg.StatementCompletionUnknownError: AWAY,
    asyncpg.LockNotAvailableError: AWAY,
}
"""What differs from the others of its class."""

OTHERS: Final[dict[type[Exception], bool]] = {
    asyncpg.FatalPostgresError: AWAY,
    asyncpg.UnknownPostgresError: AWAY,
    asyncpg.InterfaceError: AWAY,
    asyncpg.ClientConfigurationError: MISTAKE,
    _base.DataError: MISTAKE,
    asyncpg.UnsupportedClientFeatureError: MISTAKE,
    asyncpg.UnsupportedServerFeatureError: MISTAKE,
    asyncpg.InternalClientError: AWAY,
    asyncpg.OutdatedSchemaCacheError: AWAY,
    asyncpg.ProtocolError: AWAY,
    asyncpg.TargetServerAttributeNotMatched: AWAY,
    OSError: AWAY,
    ConnectionResetError: AWAY,
    BrokenPipeError: AWAY,
    TimeoutError: AWAY,
    asyncio.IncompleteReadError: AWAY,
    ValueError: MISTAKE,
    AssertionError: MISTAKE,
}


def descendants(kind: type[Exception]) -> Iterator[type[Exception]]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


STATES: Final = [
    kind for kind in descendants(asyncpg.PostgresError) if getattr(kind, "sqlstate", None)
]


def made(kind: type[Exception]) -> Exception:
    return kind(b"", 1) if kind is asyncio.IncompleteReadError else kind("lost")


@pytest.mark.parametrize("kind", STATES, ids=lambda kind: kind.__name__)
def test_each_state_of_postgres_is_decided(kind: type[asyncpg.PostgresError]) -> None:
    decision = BY_STATE.get(kind, BY_CLASS[str(kind.sqlstate)[:2]])
    assert is_unavailable(made(kind)) is decision


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__name__)
def test_each_other_error_is_decided(kind: type[Exception]) -> None:
    assert is_unavailable(made(kind)) is OTHERS[kind]


def test_no_error_of_the_driver_is_left_out() -> None:
    roots = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    kinds = {*roots[1:], *(kind for root in roots for kind in descendants(root))}
    assert kinds == {*STATES, *(kind for kind in OTHERS if kind.__module__.startswith("asyncpg"))}


@pytest.mark.parametrize("severity", ["FATAL", "PANIC"])
def test_what_ends_the_connection_is_unavailable(severity: str) -> None:
    error = asyncpg.InternalServerError("the pooler shuts down")
    assert not is_unavailable(error)
    error.severity_en = severity
    assert is_unavailable(error)


def test_an_error_that_means_an_outage_is_translated() -> None:
    with pytest.raises(DatabaseUnavailable, match="lost"), translated_errors():
        raise asyncpg.InternalClientError("lost")
    with pytest.raises(asyncpg.SerializationError), translated_errors():
        raise asyncpg.SerializationError("moved")
    with pytest.raises(DatabaseUnavailable), translated_errors(*CONFLICTS):
        raise asyncpg.SerializationError("moved")
