"""Pictures are kept while a session or an event of their tenant uses them."""

import asyncio
from uuid import uuid4

import pytest

from db.erasures import Erasures
from db.media import KeptPicture, MediaRegister
from db.pictures import DeletedPicture, PictureUpkeep
from db.pool import Connection, Pool
from db.projection import LiveProjection
from db.publications import Publications
from domain.actors import Actor
from domain.publishing.event import Event
from domain.session.erasure import erasure
from domain.session.projection import Projected
from domain.session.view import SessionView
from domain.stages import Stage
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    event,
    new_session,
    projection_of,
)
from tests.support.waiting import eventually

DAY = 24 * 60 * 60
WIDTH = 1920


@pytest.fixture
async def upkeep(worker: Pool) -> PictureUpkeep:
    """Without unused pictures of other tests."""
    upkeep = PictureUpkeep(worker)
    await upkeep.forget_unused(unused_for_seconds=0, at_most=10_000)
    await delete_files(upkeep)
    return upkeep


async def upload(api: Pool, actor: Actor = ADA, content: str | None = None) -> str:
    """The hash of a new picture, or of one with this hash."""
    content = content or uuid4().hex * 2
    await MediaRegister(api).keep(
        actor, KeptPicture(content, stored_bytes=1, width=WIDTH, height=900), quota=10**9
    )
    return content


def url(content: str) -> str:
    return f"/media/{content}-{WIDTH}.webp"


def showing(view: SessionView, *contents: str) -> SessionView:
    """The next revision of a session, with these pictures in its gallery."""
    stage = view.stages[Stage.SPONSORS_MEDIA]
    gallery = [{"url": url(content), "alt": "Hall"} for content in contents]
    changed = stage.model_copy(update={"data": {"media": {"gallery": gallery}}})
    stages = {**view.stages, Stage.SPONSORS_MEDIA: changed}
    return view.model_copy(update={"stages": stages, "revision": view.revision + 1})


async def save(api: Pool, *views: SessionView) -> None:
    await LiveProjection(api).write([Projected(view=view, actions=[]) for view in views])


async def forget(upkeep: PictureUpkeep, *, unused_for_seconds: float = 0) -> int:
    return await upkeep.forget_unused(unused_for_seconds=unused_for_seconds, at_most=100)


async def delete_files(upkeep: PictureUpkeep) -> set[str]:
    """Completes all deletions. Returns the hashes of the deleted files."""
    deleted = set()

    async def delete() -> None:
        return None

    while pending := await upkeep.deletions(limit=100):
        for picture in pending:
            if await upkeep.complete(picture, delete):
                deleted.add(picture.hash)
    return deleted


async def owners(admin: Connection, content: str) -> list[str]:
    found = await admin.fetch("SELECT tenant FROM media WHERE hash = $1 ORDER BY 1", content)
    return [row["tenant"] for row in found]


async def erase(worker: Pool, view: SessionView, owner: Actor = ADA) -> None:
    await Erasures(worker).erase(erasure(view.session_id, str(owner.tenant), "ada"))


async def test_a_picture_that_is_not_used_is_forgotten_after_the_period(
    api: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)

    assert await forget(upkeep, unused_for_seconds=DAY) == 0
    assert await forget(upkeep) == 1
    assert await upkeep.deletions(limit=9) == [DeletedPicture(content, WIDTH)]
    assert await delete_files(upkeep) == {content}
    assert await upkeep.deletions(limit=9) == []


async def test_another_upload_begins_the_period_again(
    api: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    await admin.execute("UPDATE media SET created_at = now() - interval '8 days'")
    await upload(api, content=content)

    assert await forget(upkeep, unused_for_seconds=7 * DAY) == 0


async def test_a_used_picture_is_kept_until_the_period_after_its_removal(
    api: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    session = showing(new_session(), content)
    await save(api, session)
    assert await forget(upkeep) == 0

    removed = showing(session)
    await save(api, removed)

    assert await forget(upkeep, unused_for_seconds=DAY) == 0
    assert await forget(upkeep) == 1
    assert await owners(admin, content) == []


async def test_a_picture_that_is_put_back_is_kept(api: Pool, upkeep: PictureUpkeep) -> None:
    content = await upload(api)
    session = showing(new_session(), content)
    removed = showing(session)
    for view in (session, removed, showing(removed, content)):
        await save(api, view)

    assert await forget(upkeep) == 0


async def test_a_late_write_of_an_older_revision_changes_nothing(
    api: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    older = showing(new_session())
    await save(api, showing(older, content))
    await save(api, older)

    assert await forget(upkeep) == 0


@pytest.mark.parametrize("field", ["logo", "cover", "sponsor"])
async def test_every_field_with_a_picture_keeps_it(
    api: Pool, upkeep: PictureUpkeep, field: str
) -> None:
    content = await upload(api)
    image = {"url": url(content)}
    stage, data = {
        "logo": (Stage.ORGANIZER_SETUP, {"logo": image}),
        "cover": (Stage.SPONSORS_MEDIA, {"media": {"cover": image}}),
        "sponsor": (Stage.SPONSORS_MEDIA, {"sponsors": [{"name": "A", "logo": image}]}),
    }[field]
    view = new_session()
    changed = view.stages[stage].model_copy(update={"data": data})
    await save(api, view.model_copy(update={"stages": {**view.stages, stage: changed}}))

    assert await forget(upkeep) == 0


async def test_the_absolute_address_of_a_picture_keeps_it(api: Pool, upkeep: PictureUpkeep) -> None:
    content = await upload(api)
    view = new_session()
    data = {"media": {"cover": {"url": f"https://cdn.example{url(content)}"}}}
    stage = view.stages[Stage.SPONSORS_MEDIA].model_copy(update={"data": data})
    stages = {**view.stages, Stage.SPONSORS_MEDIA: stage}
    await save(api, view.model_copy(update={"stages": stages}))

    assert await forget(upkeep) == 0


async def test_files_stay_while_another_tenant_has_the_picture(
    api: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    await save(api, showing(new_session(), content))
    await upload(api, BOB, content)

    assert await forget(upkeep) == 1
    assert await owners(admin, content) == [str(ADA.tenant)]
    assert await delete_files(upkeep) == set()


async def test_a_session_does_not_keep_the_picture_of_another_tenant(
    api: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api, BOB)
    await save(api, showing(new_session(ADA), content))

    assert await forget(upkeep) == 1
    assert await delete_files(upkeep) == {content}


async def test_erasing_the_last_session_deletes_its_pictures_at_once(
    api: Pool, worker: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    own, shared, once_used = [await upload(api) for _ in range(3)]
    first = showing(new_session(), own, shared, once_used)
    second = showing(new_session(), shared)
    await save(api, first, second)
    first = showing(first, own, shared)
    await save(api, first)

    await erase(worker, first)

    assert await delete_files(upkeep) == {own, once_used}
    assert await owners(admin, shared) == [str(ADA.tenant)]
    await erase(worker, second)
    assert await delete_files(upkeep) == {shared}
    assert (
        await admin.fetchval(
            "SELECT count(*) FROM media_references WHERE used_by::text = ANY ($1)",
            [first.session_id, second.session_id],
        )
        == 0
    )


async def test_a_published_event_keeps_the_pictures_of_its_erased_session(
    api: Pool, worker: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api, ADA_AT_ACME)
    view = showing(new_session(ADA_AT_ACME), content)
    await save(api, view)
    draft = an_event_of(view, content)
    publications = Publications(worker)
    reserved = await publications.reserve(draft)
    await publications.publish(
        view.session_id, at=reserved.starts_at, projected=projection_of(view)
    )

    await erase(worker, view, ADA_AT_ACME)

    assert await forget(upkeep) == 0
    assert await delete_files(upkeep) == set()


async def test_a_released_draft_leaves_the_pictures_to_its_session(
    api: Pool, worker: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api, ADA_AT_ACME)
    view = showing(new_session(ADA_AT_ACME), content)
    await save(api, view)
    publications = Publications(worker)
    await publications.reserve(an_event_of(view, content))
    await publications.release(view.session_id)

    assert await forget(upkeep) == 0


def an_event_of(view: SessionView, content: str) -> Event:
    gallery = [{"url": url(content), "alt": "Hall"}]
    made = event(ADA_AT_ACME, session_id=view.session_id)
    return made.model_copy(update={"sponsor_data": {"media": {"gallery": gallery}}})


async def test_a_sweep_leaves_a_picture_that_is_being_used(
    api: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    view = showing(new_session())
    await save(api, view)
    async with admin.transaction():
        await admin.execute(
            "UPDATE wizard_sessions SET sponsor_data = jsonb_build_object('x', $2::text) "
            "WHERE session_id::text = $1",
            view.session_id,
            url(content),
        )
        assert await forget(upkeep) == 0

    assert await forget(upkeep) == 0


async def test_an_upload_waits_until_the_files_of_the_same_picture_are_deleted(
    api: Pool, admin: Connection, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    await forget(upkeep)
    (picture,) = await upkeep.deletions(limit=9)
    order: list[str] = []
    uploads: list[asyncio.Task[None]] = []

    async def again() -> None:
        await upload(api, content=content)
        order.append("uploaded")

    async def waits() -> bool:
        return bool(await admin.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))

    async def delete() -> None:
        uploads.append(asyncio.create_task(again()))
        await eventually(waits, what="an upload that waits for the lock")
        order.append("deleted")

    assert await upkeep.complete(picture, delete)
    await asyncio.gather(*uploads)

    assert order == ["deleted", "uploaded"]
    assert await owners(admin, content) == [str(ADA.tenant)]


async def test_files_of_a_picture_that_was_uploaded_again_are_not_deleted(
    api: Pool, upkeep: PictureUpkeep
) -> None:
    content = await upload(api)
    await forget(upkeep)
    await upload(api, content=content)

    assert await delete_files(upkeep) == set()
    assert await upkeep.deletions(limit=9) == []
