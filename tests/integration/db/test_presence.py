"""Names of members, and who has a session open: what is stored, for whom, and for how long."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from db.erasures import Erasures
from db.pool import Connection, Pool
from db.presence import DEAD_AFTER_SECONDS, Members, PresenceReads, PresenceRows, Viewer
from db.projection import LiveProjection
from db.sql import sql
from db.transactions import write_as
from domain.actors import Actor
from domain.session.erasure import erasure
from domain.session.view import SessionView
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    EVE_AT_ACME,
    EVE_AT_OTHER,
    projection_of,
    session_view,
)

NOW = datetime.now(UTC)


@pytest.fixture
async def opened(api: Pool) -> SessionView:
    """A session of Acme."""
    view = session_view(ADA_AT_ACME)
    await LiveProjection(api).write([projection_of(view, ())])
    return view


def process(api: Pool) -> PresenceRows:
    return PresenceRows(api, uuid4())


async def users(api: Pool, session: SessionView) -> list[str]:
    viewers = await PresenceReads(api).viewers(ADA_AT_ACME, session.session_id)
    return [viewer.user_id for viewer in viewers]


async def names(admin: Connection) -> dict[tuple[str, str], str]:
    rows = await admin.fetch("SELECT tenant, user_id, name FROM members")
    return {(row["tenant"], row["user_id"]): row["name"] for row in rows}


async def test_viewers_are_listed_with_their_names_first_come_first(
    api: Pool, opened: SessionView
) -> None:
    first, second = process(api), process(api)
    await Members(api).put(ADA_AT_ACME, "Ada Lovelace")
    await second.enter(EVE_AT_ACME, opened.session_id, NOW + timedelta(seconds=1))
    await first.enter(ADA_AT_ACME, opened.session_id, NOW)

    viewers = await PresenceReads(api).viewers(EVE_AT_ACME, opened.session_id)

    assert viewers == [
        Viewer(user_id="ada", name="Ada Lovelace", since=NOW),
        Viewer(user_id="eve", name=None, since=NOW + timedelta(seconds=1)),
    ]
    assert await PresenceReads(api).viewers(EVE_AT_OTHER, opened.session_id) == []
    assert await PresenceReads(api).viewers(ADA, opened.session_id) == []


async def test_a_person_in_two_processes_is_listed_once(api: Pool, opened: SessionView) -> None:
    first, second = process(api), process(api)
    await first.enter(ADA_AT_ACME, opened.session_id, NOW)
    await second.enter(ADA_AT_ACME, opened.session_id, NOW + timedelta(seconds=5))
    assert len(await PresenceReads(api).viewers(ADA_AT_ACME, opened.session_id)) == 1

    await first.leave(ADA_AT_ACME, opened.session_id)
    await first.leave(ADA_AT_ACME, opened.session_id)

    (left,) = await PresenceReads(api).viewers(ADA_AT_ACME, opened.session_id)
    assert left.since == NOW + timedelta(seconds=5)


async def test_the_rows_of_a_process_that_is_gone_are_dead(
    api: Pool, admin: Connection, opened: SessionView
) -> None:
    killed, living = process(api), process(api)
    await killed.enter(EVE_AT_ACME, opened.session_id, NOW)
    await living.enter(ADA_AT_ACME, opened.session_id, NOW)
    await admin.execute(
        "UPDATE session_presence SET seen_at = now() - make_interval(secs => $1)",
        DEAD_AFTER_SECONDS + 1,
    )
    assert await PresenceReads(api).viewers(ADA_AT_ACME, opened.session_id) == []

    renewed = await living.renew()

    assert [(row.session_id, row.user_id, row.is_own) for row in renewed] == [
        (opened.session_id, "ada", True)
    ]
    assert [
        v.user_id for v in await PresenceReads(api).viewers(ADA_AT_ACME, opened.session_id)
    ] == ["ada"]
    assert await admin.fetchval("SELECT count(*) FROM session_presence") == 1


async def test_a_process_that_ends_takes_its_rows(api: Pool, opened: SessionView) -> None:
    ended, other = process(api), process(api)
    await ended.enter(ADA_AT_ACME, opened.session_id, NOW)
    await other.enter(EVE_AT_ACME, opened.session_id, NOW)

    await ended.end()

    assert [
        v.user_id for v in await PresenceReads(api).viewers(ADA_AT_ACME, opened.session_id)
    ] == ["eve"]


@pytest.mark.parametrize("victim", ["ada", "mallory"])
async def test_presence_of_another_person_cannot_be_written(
    api: Pool, opened: SessionView, victim: str
) -> None:
    async def forge(connection: Connection) -> None:
        forged = (opened.session_id, str(ADA_AT_ACME.tenant), victim, uuid4(), NOW)
        await connection.execute(sql("presence_enter"), *forged)

    for actor in (EVE_AT_ACME, EVE_AT_OTHER):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await write_as(api, actor, forge)


@pytest.mark.parametrize("victim", ["ada", "mallory"])
async def test_the_name_of_another_person_cannot_be_written(
    api: Pool, admin: Connection, opened: object, victim: str
) -> None:
    async def forge(connection: Connection) -> None:
        await connection.execute(sql("member_put"), str(ADA_AT_ACME.tenant), victim, "Eve")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await write_as(api, EVE_AT_ACME, forge)
    await write_as(api, EVE_AT_OTHER, forge)  # sees no session of the tenant
    assert await names(admin) == {}


async def test_a_name_is_replaced_by_a_new_one(
    api: Pool, admin: Connection, opened: object
) -> None:
    members = Members(api)
    assert await members.put(ADA_AT_ACME, "Ada Byron")
    assert await members.put(ADA_AT_ACME, "Ada Lovelace")

    assert await names(admin) == {("organization:acme", "ada"): "Ada Lovelace"}


async def test_a_tenant_without_sessions_has_no_names(
    api: Pool, admin: Connection, opened: object
) -> None:
    assert not await Members(api).put(EVE_AT_OTHER, "Eve")
    assert not await Members(api).put(ADA, "Ada")
    assert await names(admin) == {}


async def test_names_are_erased_with_the_last_session_of_the_tenant(
    api: Pool, worker: Pool, admin: Connection, opened: SessionView
) -> None:
    second = session_view(ADA_AT_ACME)
    await LiveProjection(api).write([projection_of(second, ())])
    await Members(api).put(EVE_AT_ACME, "Eve")
    await process(api).enter(EVE_AT_ACME, opened.session_id, NOW)

    await erase(worker, opened, ADA_AT_ACME)
    assert await names(admin) == {("organization:acme", "eve"): "Eve"}
    assert await admin.fetchval("SELECT count(*) FROM session_presence") == 0

    await erase(worker, second, ADA_AT_ACME)
    assert await names(admin) == {}


async def erase(worker: Pool, view: SessionView, actor: Actor) -> None:
    await Erasures(worker).erase(erasure(view.session_id, actor.tenant, actor.user_id))
