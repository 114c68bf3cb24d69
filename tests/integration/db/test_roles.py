"""Which database roles a process accepts, and how it refuses all others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import pytest
from structlog.testing import capture_logs

from db.errors import DatabaseUnavailable, SchemaBehind, WrongRole
from db.pool import Connection, connect_when_ready, create_pool, require_role, require_schema
from db.roles import API, WORKER, RequiredRole
from tests.support.postgres import Database, as_owner
from tests.support.waiting import until

LOGIN: Final = "test_login"
OWNER: Final = "test_owner"
OTHER: Final = "test_other"

NEEDS_API: Final = "It needs the role wizard_api, with no more rights than the migrations grant."
NEEDS_WORKER: Final = (
    "It needs the role wizard_worker, with no more rights than the migrations grant."
)

CREATE_LOGIN: Final = f"CREATE ROLE {LOGIN} LOGIN"
CREATE_OTHER: Final = f"CREATE ROLE {OTHER} NOLOGIN"
JOIN_API: Final = f"GRANT wizard_api TO {LOGIN}"
JOIN_OTHER: Final = f"GRANT {OTHER} TO {LOGIN}"


@dataclass(frozen=True)
class Refused:
    """``role`` logs in after the statements, and is refused for ``problem``."""

    role: str
    problem: str
    statements: Sequence[str] = ()
    required: RequiredRole = API


REFUSED: Final = {
    "superuser": Refused("postgres", "is a superuser"),
    "superuser as the worker": Refused("postgres", "is a superuser", required=WORKER),
    "own role made superuser": Refused(
        "wizard_api", "is a superuser", ["ALTER ROLE wizard_api SUPERUSER"]
    ),
    "bypassrls": Refused("wizard_api", "has BYPASSRLS", ["ALTER ROLE wizard_api BYPASSRLS"]),
    "bypassrls of the worker": Refused(
        "wizard_worker", "has BYPASSRLS", ["ALTER ROLE wizard_worker BYPASSRLS"], WORKER
    ),
    "createrole": Refused("wizard_api", "has CREATEROLE", ["ALTER ROLE wizard_api CREATEROLE"]),
    "replication": Refused("wizard_api", "has REPLICATION", ["ALTER ROLE wizard_api REPLICATION"]),
    "owner": Refused(
        LOGIN,
        "owns the tables",
        [CREATE_LOGIN, JOIN_API, f"ALTER TABLE wizard_sessions OWNER TO {LOGIN}"],
    ),
    "owner of the worker's tables": Refused(
        "wizard_worker",
        "owns the tables",
        ["ALTER TABLE wizard_sessions OWNER TO wizard_worker"],
        WORKER,
    ),
    "member of the owner": Refused(
        "wizard_api",
        f"is a member of {OWNER}, which owns the tables",
        [
            f"CREATE ROLE {OWNER} NOLOGIN",
            f"ALTER TABLE wizard_sessions OWNER TO {OWNER}",
            f"GRANT {OWNER} TO wizard_api",
        ],
    ),
    "member of a superuser": Refused(
        "wizard_api",
        "is a member of postgres, which is a superuser",
        ["GRANT postgres TO wizard_api"],
    ),
    "member of a bypasser": Refused(
        LOGIN,
        f"is a member of {OTHER}, which has BYPASSRLS",
        [CREATE_LOGIN, JOIN_API, f"{CREATE_OTHER} BYPASSRLS", JOIN_OTHER],
    ),
    "API as the worker's role": Refused("wizard_worker", "is the role of the worker"),
    "worker as the API's role": Refused("wizard_api", "is the role of the API", required=WORKER),
    "API as a member of the worker's role": Refused(
        "wizard_api",
        "is a member of wizard_worker, which is the role of the worker",
        ["GRANT wizard_worker TO wizard_api"],
    ),
    "worker as a member of the API's role": Refused(
        "wizard_worker",
        "is a member of wizard_api, which is the role of the API",
        ["GRANT wizard_api TO wizard_worker"],
        WORKER,
    ),
    "worker that may write as the API": Refused(
        "wizard_worker",
        "is a member of wizard_projector, which has other rights in this database",
        ["GRANT wizard_projector TO wizard_worker"],
        WORKER,
    ),
    "member of the operators": Refused(
        "wizard_api",
        "is a member of wizard_operator, which has other rights in this database",
        ["GRANT wizard_operator TO wizard_api"],
    ),
    "member of a role with a column": Refused(
        LOGIN,
        f"is a member of {OTHER}, which has other rights in this database",
        [
            CREATE_LOGIN,
            JOIN_API,
            CREATE_OTHER,
            JOIN_OTHER,
            f"GRANT SELECT (user_id) ON wizard_sessions TO {OTHER}",
        ],
    ),
    "member of a role with a function": Refused(
        LOGIN,
        f"is a member of {OTHER}, which has other rights in this database",
        [
            CREATE_LOGIN,
            JOIN_API,
            CREATE_OTHER,
            JOIN_OTHER,
            f"GRANT EXECUTE ON FUNCTION wizard_erase_session TO {OTHER}",
        ],
    ),
    "member of a predefined role": Refused(
        "wizard_api",
        "is a member of pg_read_all_data, which has other rights in this database",
        ["GRANT pg_read_all_data TO wizard_api"],
    ),
    "stranger": Refused(LOGIN, "does not have the rights of wizard_api", [CREATE_LOGIN]),
    "member that does not inherit": Refused(
        LOGIN,
        "does not have the rights of wizard_api",
        [f"{CREATE_LOGIN} NOINHERIT", JOIN_API],
    ),
}

ACCEPTED: Final = {
    "API": ("wizard_api", [], API),
    "worker": ("wizard_worker", [], WORKER),
    "member of the API's role": (LOGIN, [CREATE_LOGIN, JOIN_API], API),
    "member of the worker's role": (
        LOGIN,
        [CREATE_LOGIN, f"GRANT wizard_worker TO {LOGIN}"],
        WORKER,
    ),
    "member of a role without rights": (
        LOGIN,
        [CREATE_LOGIN, JOIN_API, CREATE_OTHER, JOIN_OTHER],
        API,
    ),
}

_RESET: Final = (
    "ALTER ROLE wizard_api NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION",
    "ALTER ROLE wizard_worker NOBYPASSRLS",
    "REVOKE postgres, wizard_worker, wizard_operator, pg_read_all_data FROM wizard_api",
    "REVOKE wizard_api, wizard_projector FROM wizard_worker",
)
"""Roles belong to the server, which other tests use."""


@pytest.fixture
async def roles(database: Database, admin: Connection) -> AsyncIterator[Connection]:
    """A connection that may change roles; all are as before at the end."""
    yield admin
    for statement in _RESET:
        await admin.execute(statement)
    for role in (LOGIN, OWNER, OTHER):
        if await admin.fetchval("SELECT to_regrole($1) IS NOT NULL", role):
            await admin.execute(f"REASSIGN OWNED BY {role} TO postgres")
            await admin.execute(f"DROP OWNED BY {role}")
            await admin.execute(f"DROP ROLE {role}")


async def connect(database: Database, role: str, required: RequiredRole) -> None:
    dsn = database.server.dsn(database.name, role)
    async with asyncio.timeout(20):
        pool = await connect_when_ready(dsn, required, application_name="test")
    await pool.close()


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
async def test_a_wrong_role_is_refused_with_its_reason(
    database: Database, roles: Connection, case: Refused
) -> None:
    for statement in case.statements:
        await roles.execute(statement)

    with pytest.raises(WrongRole) as refused:
        await connect(database, case.role, case.required)

    start = (
        f"The API cannot use the role {case.role} of DATABASE_API_URL"
        if case.required is API
        else f"The worker cannot use the role {case.role} of DATABASE_URL"
    )
    needs = NEEDS_API if case.required is API else NEEDS_WORKER
    assert str(refused.value) == f"{start}: it {case.problem}. {needs}"


@pytest.mark.parametrize(("role", "statements", "required"), ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_a_role_with_the_granted_rights_is_accepted(
    database: Database,
    roles: Connection,
    role: str,
    statements: list[str],
    required: RequiredRole,
) -> None:
    for statement in statements:
        await roles.execute(statement)

    await connect(database, role, required)


async def test_set_role_at_login_does_not_hide_a_superuser(
    database: Database, roles: Connection
) -> None:
    await roles.execute(f"{CREATE_LOGIN} SUPERUSER")
    await roles.execute(f"ALTER ROLE {LOGIN} SET role = wizard_api")

    with pytest.raises(WrongRole, match="is a superuser"):
        await connect(database, LOGIN, API)


async def test_a_superuser_is_refused_before_the_migrations(bare_database: Database) -> None:
    with pytest.raises(WrongRole, match="is a superuser"):
        await connect(bare_database, "postgres", API)


@asynccontextmanager
async def renamed(database: Database, name: str) -> AsyncIterator[None]:
    async with as_owner(database) as admin:
        await admin.execute(f"ALTER ROLE {name} RENAME TO {name}_away")
        try:
            yield
        finally:
            await admin.execute(f"ALTER ROLE {name}_away RENAME TO {name}")


async def test_a_role_that_is_not_created_yet_is_waited_for(
    postgres: object, bare_database: Database
) -> None:
    """The migrations create it, and nothing can be a member of it before."""
    async with as_owner(bare_database) as admin:
        await admin.execute(CREATE_LOGIN)
    try:
        async with renamed(bare_database, "wizard_api"):
            pool = await create_pool(
                bare_database.server.dsn(bare_database.name, LOGIN), application_name="test"
            )
            try:
                await require_role(pool, API)
                with pytest.raises(SchemaBehind):
                    await require_schema(pool)
            finally:
                await pool.close()
    finally:
        async with as_owner(bare_database) as admin:
            await admin.execute(f"DROP ROLE {LOGIN}")


async def test_a_role_that_may_not_connect_yet_is_waited_for(
    database: Database, roles: Connection
) -> None:
    """As between the statements that set up a database."""
    await roles.execute(f"REVOKE CONNECT ON DATABASE {database.name} FROM PUBLIC")
    pool = await create_pool(database.api_dsn, application_name="test", min_size=0)
    try:
        with pytest.raises(DatabaseUnavailable, match="permission denied for database"):
            await require_role(pool, API)
        await roles.execute(f"GRANT CONNECT ON DATABASE {database.name} TO wizard_api")
        await require_role(pool, API)
    finally:
        await pool.close()


async def test_an_outage_at_start_is_not_a_wrong_role(database: Database) -> None:
    database.server.stop()
    with capture_logs() as logs:
        connecting = asyncio.create_task(
            connect_when_ready(database.admin_dsn, API, application_name="test")
        )
        await until(lambda: len(logs) > 1)
        assert not connecting.done()
        await asyncio.to_thread(database.server.start)

        with pytest.raises(WrongRole, match="is a superuser"):
            await asyncio.wait_for(connecting, 10)
    assert {entry["event"] for entry in logs} == {"waiting for Postgres"}


async def test_a_change_of_the_role_is_noticed(database: Database, roles: Connection) -> None:
    pool = await create_pool(database.api_dsn, application_name="test", max_size=1)
    try:
        await require_role(pool, API)
        await roles.execute("ALTER ROLE wizard_api BYPASSRLS")
        with pytest.raises(WrongRole, match="has BYPASSRLS"):
            await require_role(pool, API)
        await roles.execute("ALTER ROLE wizard_api NOBYPASSRLS")
        await require_role(pool, API)
    finally:
        await pool.close()
