"""The number of a tenant's open sessions is limited."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.integration.security.conftest import Serve
from tests.support.api import client_for, token
from tests.support.erasures import erase
from tests.support.postgres import Database
from tests.support.problem_documents import assert_problem
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start


@pytest.fixture
async def system(
    serve: Serve, temporal: WorkflowEnvironment, database: Database
) -> AsyncIterator[System]:
    address = await serve(max_open_sessions=2)
    async with running_worker(System(temporal, database, address)) as running:
        yield running


async def open_sessions(wizard: Wizard) -> int:
    shown = await wizard.http.get("/v1/sessions", params={"status": "in_progress"})
    return len(shown.json()["items"])


async def test_a_session_over_the_limit_is_refused(system: System) -> None:
    async with client_for(system.address, token("ada", "acme")) as http:
        first, second = [await start(http) for _ in range(2)]

        async def both_are_counted() -> bool:
            return await open_sessions(first) == 2

        await eventually(both_are_counted)
        refused = await http.post("/v1/sessions")
        assert "limit of 2 open sessions" in assert_problem(refused, 429, "rate_limited")["detail"]
        assert int(refused.headers["Retry-After"]) > 0
        earlier = await http.post("/functions/v1/wizard-session", json={"op": "create"})
        assert (earlier.status_code, earlier.json()["code"]) == (429, "rate_limited")
        assert int(earlier.headers["Retry-After"]) > 0

        repeated = await http.post("/v1/sessions", json={"session_id": second.session_id})
        assert repeated.status_code == 200, repeated.text
        assert (await first.save("organizerSetup", {"name": "Ada"})).status_code == 200

        assert (await first.post("/abandon")).status_code == 200

        async def there_is_room() -> bool:
            return (await http.post("/v1/sessions")).status_code == 201

        await eventually(there_is_room)


async def test_open_sessions_are_counted_by_tenant(system: System) -> None:
    async with (
        client_for(system.address, token("ada", "acme")) as ada,
        client_for(system.address, token("ada")) as alone,
        client_for(system.address, token("grace", "acme")) as grace,
    ):
        wizard = await start(ada)
        await start(grace)

        async def both_are_counted() -> bool:
            return await open_sessions(wizard) == 2

        await eventually(both_are_counted)
        assert_problem(await grace.post("/v1/sessions"), 429, "rate_limited")
        await start(alone)


async def test_another_tenants_session_gets_the_same_refusal(system: System) -> None:
    async with (
        client_for(system.address, token("ada")) as ada,
        client_for(system.address, token("mallory")) as mallory,
    ):
        foreign = await start(ada)
        open_ones = [await start(mallory) for _ in range(2)]

        async def both_are_counted() -> bool:
            return await open_sessions(open_ones[0]) == 2

        await eventually(both_are_counted)
        refused_existing = await mallory.post(
            "/v1/sessions", json={"session_id": foreign.session_id}
        )
        refused_new = await mallory.post("/v1/sessions", json={"session_id": str(uuid4())})
        assert assert_problem(refused_existing, 429, "rate_limited") == assert_problem(
            refused_new, 429, "rate_limited"
        )


async def test_an_erased_session_gets_the_same_refusal(system: System) -> None:
    async with client_for(system.address, token("ada", "acme")) as http:
        erased = await start(http)
        assert await erase(http, erased.session_id) == 204
        open_ones = [await start(http) for _ in range(2)]

        async def both_are_counted() -> bool:
            return await open_sessions(open_ones[0]) == 2

        await eventually(both_are_counted)
        repeated = await http.post("/v1/sessions", json={"session_id": erased.session_id})
        assert_problem(repeated, 429, "rate_limited")


async def test_the_limit_is_off_while_postgres_is_unavailable(system: System) -> None:
    async with client_for(system.address, token("ada")) as http:
        system.database.server.stop()
        try:
            for _ in range(3):
                await start(http)
        finally:
            system.database.server.start()
