"""Isolation of tenants in SQL alone: psql with the API's role, on every table."""

import json
import subprocess
from typing import Any, Final

import pytest

from db.accounts import StripeAccounts
from db.inbox import InboxWriter
from db.pool import Connection, Pool
from db.projection import LiveProjection
from db.publications import Publications
from tests.integration.db.read_model_factories import (
    ADA_AT_ACME,
    BOB,
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)
from tests.support.postgres import Database

TENANTS: Final = {"acme": ADA_AT_ACME, "bob": BOB}
TENANT_TABLES: Final = {
    "wizard_sessions": 1,
    "wizard_actions": 2,  # in both of its tables
    "events": 1,
    "stripe_accounts": 2,
}
"""With the number of rows that each tenant has."""

WITHOUT_TENANT: Final = {"schema_migrations"}
"""The names of the applied migrations, which API processes read before they start."""

REFUSED: Final = "permission denied"

ALL_TABLES: Final = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
"""


@pytest.fixture
async def rows(api: Pool, worker: Pool) -> None:
    """Rows in every table; of two tenants if the table has tenants."""
    for name, owner in TENANTS.items():
        view = session_view(owner)
        projected = projection_of(view, (action(1), action(1, part=1)))
        await LiveProjection(api).write([projected])
        draft = event(owner, session_id=view.session_id, slug=f"show-{name}", visibility="private")
        await Publications(worker).reserve(draft)
        await Publications(worker).publish(view.session_id, at=MOMENT, projected=projected)
        for livemode in (False, True):  # in both tables of accounts
            accounts = StripeAccounts(worker, livemode=livemode)
            await accounts.keep(owner.tenant, f"acct_{name}_{livemode}", 1)
    await InboxWriter(api).put(
        "evt_1",
        event_type="account.updated",
        account_id="acct_acme",
        livemode=False,
        payload={},
        created_at=MOMENT,
    )


def psql(database: Database, claims: Any, statement: str) -> str:
    """The output of psql, errors included."""
    command = [str(database.server.programs / "psql"), "-X", "-q", "-A", "-t", database.api_dsn]
    if claims is not None:
        setting = json.dumps(claims).replace("'", "''")
        command += ["-c", f"SET request.jwt.claims = '{setting}'"]
    done = subprocess.run(
        [*command, "-c", statement], check=False, capture_output=True, text=True, timeout=30
    )
    return (done.stdout + done.stderr).strip()


def rows_seen(database: Database, claims: Any, table: str) -> str:
    return psql(database, claims, f"SELECT count(*) FROM {table}")


async def tables(admin: Connection) -> set[str]:
    return {row["relname"] for row in await admin.fetch(ALL_TABLES)} - WITHOUT_TENANT


async def test_a_tenant_sees_its_own_rows_only(
    database: Database, admin: Connection, rows: None
) -> None:
    for table in await tables(admin):
        output = rows_seen(database, {"sub": "ada", "org_id": "acme"}, table)
        if table in TENANT_TABLES:
            own = TENANT_TABLES[table]
            assert output == str(own), table
            assert await admin.fetchval(f"SELECT count(*) FROM {table}") == own * len(TENANTS)
        else:
            assert output == "0" or REFUSED in output, table


@pytest.mark.parametrize("claims", [None, {}, {"sub": "nobody"}])
async def test_an_anonymous_role_sees_nothing(
    database: Database, admin: Connection, rows: None, claims: Any
) -> None:
    for table in await tables(admin):
        output = rows_seen(database, claims, table)
        assert output == "0" or REFUSED in output, table


async def test_a_tenant_cannot_change_rows(
    database: Database, admin: Connection, rows: None
) -> None:
    for table, own in TENANT_TABLES.items():
        claims = {"sub": "ada", "org_id": "acme"}
        assert REFUSED in psql(database, claims, f"DELETE FROM {table}")
        assert REFUSED in psql(database, claims, f"TRUNCATE {table} CASCADE")
        assert await admin.fetchval(f"SELECT count(*) FROM {table}") == own * len(TENANTS)
