"""Pictures that nothing uses are deleted with their files, by the sweep and by an erasure."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from pictures.store import PictureStore
from tests.support.api import SignIn, signing_in
from tests.support.erasures import erase
from tests.support.pictures import encoded, quarters
from tests.support.postgres import Database, as_owner
from tests.support.stage_data import free_event
from tests.support.sweeping import execute, sweep
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import NO_KEYS, own_namespace
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start

JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture
async def system(
    temporal: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[System]:
    """A system whose pictures are in a folder."""
    async with (
        own_namespace(temporal, NO_KEYS) as environment,
        running_api(environment, database, media_store=tmp_path.as_uri()) as api,
        running_worker(api, pictures=PictureStore.from_url(tmp_path.as_uri())),
    ):
        yield api


@pytest.fixture
async def sign_in(system: System) -> AsyncIterator[SignIn]:
    async with signing_in(system.address) as signing:
        yield signing


async def upload(http: httpx.AsyncClient) -> str:
    answer = await http.post("/v1/media", content=encoded(quarters(600, 400)), headers=JPEG)
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


async def with_cover(wizard: Wizard, url: str) -> None:
    cover = {"url": url, "alt": "Quarters"}
    answer = await wizard.save("sponsorsMedia", {"media": {"cover": cover}})
    assert answer.status_code == 200, answer.text


async def status_of(http: httpx.AsyncClient, url: str) -> int:
    return (await http.get(url)).status_code


async def test_the_sweep_deletes_a_picture_unused_for_seven_days(
    system: System, sign_in: SignIn
) -> None:
    user, other = sign_in(f"ada-{uuid4()}"), sign_in(f"eve-{uuid4()}")
    url = await upload(user)
    await upload(other)
    wizard = await start(user)
    await with_cover(wizard, url)
    await eventually(lambda: is_used(system), what="the reference")
    await execute(system, "UPDATE media SET created_at = now() - interval '8 days'")

    swept = await sweep(system)

    assert (swept.pictures.forgotten, swept.pictures.deleted) == (1, 0)
    assert await status_of(user, url) == 200
    await with_cover(wizard, "https://cdn.example/other.jpg")
    await eventually(lambda: is_released(system), what="the removal")
    assert (await sweep(system)).pictures.forgotten == 0
    await execute(system, "UPDATE media_references SET released_at = now() - interval '8 days'")

    swept = await sweep(system)

    assert (swept.pictures.forgotten, swept.pictures.deleted) == (1, 1)
    assert await status_of(user, url) == 404


async def is_used(system: System) -> bool:
    return await count(system, "released_at IS NULL") > 0


async def is_released(system: System) -> bool:
    return await count(system, "released_at IS NOT NULL") > 0


async def count(system: System, condition: str) -> int:
    async with as_owner(system.database) as connection:
        found: int = await connection.fetchval(
            f"SELECT count(*) FROM media_references WHERE {condition}"
        )
    return found


async def test_erasing_a_session_deletes_the_files_that_only_it_uses(
    system: System, sign_in: SignIn
) -> None:
    user = sign_in(f"ada-{uuid4()}")
    url = await upload(user)
    wizard = await start(user)
    await with_cover(wizard, url)
    await eventually(lambda: is_used(system), what="the reference")
    assert await status_of(user, url) == 200

    assert await erase(user, wizard.session_id) == 204

    async def is_gone() -> bool:
        return await status_of(user, url) == 404

    await eventually(is_gone, what="the deletion of the files")
    assert await count(system, "true") == 0


async def test_a_published_event_keeps_its_picture_when_its_session_is_erased(
    system: System, sign_in: SignIn
) -> None:
    user = sign_in(f"ada-{uuid4()}")
    url = await upload(user)
    wizard = await start(user)
    stages = free_event(title=f"Show {uuid4().hex[:10]}")
    stages["sponsorsMedia"] = {"media": {"cover": {"url": url, "alt": "Quarters"}}}
    await fill_in(wizard, stages)
    await publish(wizard)

    assert await erase(user, wizard.session_id) == 204

    assert (await sweep(system)).pictures.forgotten == 0
    assert await status_of(user, url) == 200
