"""API and worker that reach Postgres only through PgBouncer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import SignIn, signing_in, unique_user
from tests.support.pgbouncer import EXHAUSTED, PgBouncer, pgbouncer
from tests.support.postgres import Database
from tests.support.processes import Processes
from tests.support.stage_data import free_event
from tests.support.system import System, running_api, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, published_event, start

CLIENTS = 12
REQUESTS = 1_000


@pytest.fixture
def pooler(database: Database) -> Iterator[PgBouncer]:
    with pgbouncer(database) as pooler:
        yield pooler


@pytest.fixture
async def api(
    temporal: WorkflowEnvironment, database: Database, pooler: PgBouncer
) -> AsyncIterator[System]:
    async with running_api(temporal, database, database_api_url=pooler.api_dsn) as api:
        yield api


@pytest.fixture
async def system(api: System, pooler: PgBouncer) -> AsyncIterator[System]:
    async with running_worker(api, database_url=pooler.worker_dsn):
        yield api


@asynccontextmanager
async def started_sessions(sign_in: SignIn) -> AsyncIterator[list[Wizard]]:
    """A session for each client, who are different tenants."""
    yield list(await asyncio.gather(*(start(sign_in(unique_user())) for _ in range(CLIENTS))))


async def test_migrations_refuse_the_address_of_a_pooler(
    processes: Processes, pooler: PgBouncer
) -> None:
    migrating = processes.start("migrate", DATABASE_MIGRATION_URL=pooler.worker_dsn)
    await eventually(migrating.has_ended, what="the end of migrate.py")
    assert migrating.exit_code == 1
    assert "DATABASE_MIGRATION_URL is the address of a pooler" in migrating.log()


async def test_a_session_is_saved_and_published(processes: Processes, pooler: PgBouncer) -> None:
    """By processes that check their roles and the schema when they start."""
    _, address = await processes.api(DATABASE_API_URL=pooler.api_dsn)
    await processes.worker(DATABASE_URL=pooler.worker_dsn)
    async with signing_in(address) as sign_in:
        wizard = await start(sign_in("ada"))
        await fill_in(wizard, free_event())
        event = await published_event(wizard)
        assert event["slug"] == "spring-show"
        listed = (await wizard.http.get("/v1/sessions")).json()["items"]
        assert [session["session_id"] for session in listed] == [wizard.session_id]


async def test_many_clients_save_and_read_their_own(system: System, sign_in: SignIn) -> None:
    """More clients than the pooler has connections: each sees its own session, and no error."""
    statuses: Counter[int] = Counter()

    async def work(wizard: Wizard) -> None:
        async def is_listed() -> bool:
            return bool((await wizard.http.get("/v1/sessions")).json()["items"])

        await eventually(is_listed, what="the session's row")
        for revision in range(1, REQUESTS // CLIENTS // 3 + 2):
            saved = await wizard.save("eventSetup", {"title": f"Spring Show {revision}"})
            read = await wizard.get()
            page = await wizard.http.get("/v1/sessions")
            statuses.update(answer.status_code for answer in (saved, read, page))
            assert [item["session_id"] for item in page.json()["items"]] == [wizard.session_id]

    async with started_sessions(sign_in) as wizards:
        await asyncio.gather(*map(work, wizards))
    assert statuses.total() >= REQUESTS
    assert set(statuses) == {200}


async def test_a_restart_of_the_pooler_loses_no_save(
    system: System, sign_in: SignIn, pooler: PgBouncer
) -> None:
    acknowledged: Counter[str] = Counter()
    statuses: Counter[int] = Counter()

    async def save_until(wizard: Wizard, restarted: asyncio.Event) -> None:
        """Also saves once more after the restart."""
        is_last = False
        while not is_last:
            is_last = restarted.is_set()
            saved = await wizard.save("eventSetup", {"title": f"Spring Show {is_last}"})
            read = await wizard.get()
            statuses.update((saved.status_code, read.status_code))
            if saved.status_code == 200:
                acknowledged[wizard.session_id] = saved.json()["revision"]

    async with started_sessions(sign_in) as wizards:
        restarted = asyncio.Event()
        saving = [asyncio.create_task(save_until(wizard, restarted)) for wizard in wizards]
        await eventually(lambda: _has(statuses, 4 * CLIENTS), what="saves before the restart")
        pooler.kill()
        before = statuses.total()
        await eventually(lambda: _has(statuses, before + CLIENTS), what="saves without a pooler")
        pooler.start()
        restarted.set()
        await asyncio.gather(*saving)
        assert set(statuses) <= {200, 503}
        for wizard in wizards:
            await _stores(wizard, acknowledged[wizard.session_id])


async def _has(statuses: Counter[int], number: int) -> bool:
    return statuses.total() >= number


async def _stores(wizard: Wizard, revision: int) -> None:
    """Waits for the revision in the list, which only the read model has."""

    async def is_stored() -> bool:
        page = await wizard.http.get("/v1/sessions")
        if page.status_code != 200:
            return False
        (item,) = page.json()["items"]
        return bool(item["revision"] >= revision)

    await eventually(is_stored, what="the last acknowledged save in the read model")


async def test_an_exhausted_pooler_is_answered_with_503(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    with pgbouncer(database, EXHAUSTED) as pooler:
        holder = await asyncpg.connect(pooler.api_dsn, statement_cache_size=0)
        async with (
            running_api(temporal, database, database_api_url=pooler.api_dsn) as api,
            signing_in(api.address) as sign_in,
        ):
            ada = sign_in("ada")
            async with holder.transaction():
                await holder.execute("SELECT 1")
                for path in ("/v1/sessions", "/v1/events", "/v1/public/events/none"):
                    refused = await ada.get(path)
                    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
                    assert int(refused.headers["Retry-After"]) > 0
                assert (await ada.get("/readyz")).json()["postgres"] == "unreachable"
            assert (await ada.get("/v1/sessions")).status_code == 200
        await holder.close()
