"""``/readyz`` names what is missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, serving, settings_for, token
from tests.support.postgres import Database, as_owner
from tests.support.temporal import register_namespace
from tests.support.waiting import eventually

JsonObject = dict[str, object]

NO_ANSWER = {"stripe": None, "stripe_since": None}
"""No worker has started."""


@asynccontextmanager
async def api_client(database: Database, temporal: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving(settings_for(database), temporal) as address,
        client_for(address, token("ada")) as http,
    ):
        yield http


def in_namespace(temporal: Client, name: str) -> Client:
    return Client(temporal.service_client, namespace=name)


async def readiness(http: httpx.AsyncClient) -> JsonObject:
    answer = await http.get("/readyz")
    shown: JsonObject = answer.json()
    assert answer.status_code == (200 if shown["status"] == "ready" else 503)
    return shown


async def test_readiness_names_a_missing_namespace_and_attributes(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    name = f"bare-{uuid4().hex}"
    async with api_client(database, in_namespace(temporal.client, name)) as http:
        assert (await readiness(http))["temporal"] == "no_namespace"

        await register_namespace(temporal.client, name)

        async def lacks_attributes() -> bool:
            return "no_search_attributes" in (await readiness(http)).values()

        await eventually(lacks_attributes, what="a namespace that the server knows")


async def test_readiness_reports_an_unreachable_temporal(database: Database) -> None:
    unreachable = await Client.connect("127.0.0.1:9", lazy=True)
    async with api_client(database, unreachable) as http:
        assert await readiness(http) == {
            "status": "not_ready",
            "postgres": "ok",
            "temporal": "unreachable",
            **NO_ANSWER,
        }
        assert (await http.get("/v1/sessions")).status_code == 200
        assert (await http.get("/healthz")).status_code == 200


async def test_readiness_follows_postgres(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    missing = {"status": "not_ready", "postgres": "unreachable", "temporal": "ok", **NO_ANSWER}
    database.server.stop()
    async with api_client(database, temporal.client) as http:
        assert await readiness(http) == missing
        refused = await http.get("/v1/sessions")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert (await http.get("/healthz")).status_code == 200
        database.server.start()

        async def is_ready() -> bool:
            return "ready" in (await readiness(http)).values()

        await eventually(is_ready, what="readiness")
        assert (await http.get("/v1/sessions")).status_code == 200

        database.server.stop()
        assert await readiness(http) == missing
        database.server.start()
        await eventually(is_ready, what="readiness again")


async def test_readiness_reports_a_role_that_got_more_rights(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    wrong = {"status": "not_ready", "postgres": "wrong_role", "temporal": "ok", **NO_ANSWER}
    async with api_client(database, temporal.client) as http, as_owner(database) as admin:
        assert (await readiness(http))["postgres"] == "ok"
        await admin.execute("ALTER ROLE wizard_api BYPASSRLS")
        try:
            with capture_logs() as logs:
                assert await readiness(http) == wrong
            assert (await http.get("/v1/sessions")).status_code == 200
        finally:
            await admin.execute("ALTER ROLE wizard_api NOBYPASSRLS")
        assert (await readiness(http))["status"] == "ready"
    (reason,) = [entry["reason"] for entry in logs if "reason" in entry]
    assert "the role wizard_api of DATABASE_API_URL: it has BYPASSRLS." in reason


async def test_readiness_reports_a_database_without_tables(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    """As before the first migration."""
    bare = {"status": "not_ready", "postgres": "not_migrated", "temporal": "ok", **NO_ANSWER}
    async with as_owner(database) as admin:
        for table in ("schema_migrations", "stripe_answer"):
            await admin.execute(f"ALTER TABLE {table} RENAME TO hidden_{table}")
        try:
            async with api_client(database, temporal.client) as http:

                async def is_bare() -> bool:
                    return await readiness(http) == bare

                await eventually(is_bare, what="the connection to Postgres")
        finally:
            for table in ("schema_migrations", "stripe_answer"):
                await admin.execute(f"ALTER TABLE hidden_{table} RENAME TO {table}")
