"""Lists, pages and the data of earlier revisions."""

from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest

from db.pool import Pool
from db.projection import LiveProjection
from db.publications import Publications
from db.reads import EventReads, SessionReads
from domain.actors import Actor
from domain.errors import InvalidRequest
from domain.json_values import JsonObject
from domain.session.actions import ActionName
from domain.session.view import SessionView, Status
from domain.stages import Section
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    MOMENT,
    action,
    event,
    new_session,
    projection_of,
    session_view,
)


async def write(api: Pool, *views: SessionView) -> None:
    await LiveProjection(api).write([projection_of(view, ()) for view in views])


async def all_pages(
    api: Pool, actor: Actor, *, limit: int, status: Status | None = None
) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        page = await SessionReads(api).list(actor, status=status, limit=limit, cursor=cursor)
        pages.append([view.session_id for view in page.items])
        cursor = page.next_cursor
        if cursor is None:
            return pages


@pytest.mark.parametrize("actor", [ADA, ADA_AT_ACME])
async def test_sessions_are_listed_once_newest_first(api: Pool, actor: Actor) -> None:
    """Sessions created in the same microsecond are ordered by id."""
    views = [
        session_view(actor, created_at=MOMENT + timedelta(microseconds=number // 3))
        for number in range(10)
    ]
    await write(api, *views, session_view(BOB))
    newest_first = [
        view.session_id
        for view in sorted(views, key=lambda view: (view.created_at, view.session_id), reverse=True)
    ]

    pages = await all_pages(api, actor, limit=4)

    assert [len(page) for page in pages] == [4, 4, 2]
    assert list(chain(*pages)) == newest_first


async def test_sessions_are_filtered_by_status(api: Pool) -> None:
    views = [session_view(status=status) for status in (*Status, *Status, *Status)]
    await write(api, *views)

    for status in Status:
        pages = await all_pages(api, ADA, limit=2, status=status)
        assert [len(page) for page in pages] == [2, 1]
        assert set(chain(*pages)) == {v.session_id for v in views if v.status is status}


async def test_no_page_follows_a_last_page_that_is_full(api: Pool) -> None:
    await write(api, session_view(), session_view())

    assert [len(page) for page in await all_pages(api, ADA, limit=2)] == [2]


async def test_a_tenant_without_sessions_has_an_empty_page(api: Pool) -> None:
    page = await SessionReads(api).list(ADA, status=None, limit=5, cursor=None)

    assert page.items == []
    assert page.next_cursor is None


BAD_CURSORS = [
    "",
    "!",
    "ä",
    "e30",
    "bnVsbA",
    "W10",
    "WzFd_",
    "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjAwIiwgIjZjMWUzZjBhLThkMWItNWY2ZS05YTU3LTJmNGI4ZjNmMWQxMCJd",
    "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
    "a" * 10_000,
]


@pytest.mark.parametrize("cursor", BAD_CURSORS)
async def test_a_bad_cursor_is_an_invalid_request(api: Pool, cursor: str) -> None:
    reads = SessionReads(api)

    with pytest.raises(InvalidRequest):
        await reads.list(ADA, status=None, limit=5, cursor=cursor)
    with pytest.raises(InvalidRequest):
        await reads.actions(ADA, str(uuid4()), limit=5, cursor=cursor)
    with pytest.raises(InvalidRequest):
        await EventReads(api).list(ADA, 5, cursor)


async def test_actions_come_newest_first_in_pages(api: Pool) -> None:
    view = session_view(revision=5)
    actions = tuple(action(revision) for revision in range(1, 6))
    await LiveProjection(api).write([projection_of(view, actions)])
    reads = SessionReads(api)

    first = await reads.actions(ADA, view.session_id, limit=3, cursor=None)
    second = await reads.actions(ADA, view.session_id, limit=3, cursor=first.next_cursor)

    assert [session.revision for session in first.items] == [5, 4, 3]
    assert [session.revision for session in second.items] == [2, 1]
    assert second.next_cursor is None


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_actions_of_one_change_come_last_first_in_pages(api: Pool, limit: int) -> None:
    view = session_view(revision=2)
    parts = tuple(action(1, part=part) for part in range(3))
    # Twice: the API and the worker write independently of each other.
    for _ in range(2):
        await LiveProjection(api).write([projection_of(view, (*parts, action(2)))])
    found: list[tuple[int, int]] = []
    cursor = None

    while cursor is not None or not found:
        page = await SessionReads(api).actions(ADA, view.session_id, limit=limit, cursor=cursor)
        found += [action.position for action in page.items]
        cursor = page.next_cursor

    assert found == [(2, 0), (1, 2), (1, 1), (1, 0)]


async def test_a_cursor_of_the_earlier_release_is_accepted(api: Pool) -> None:
    view = session_view(revision=2)
    await LiveProjection(api).write([projection_of(view, (action(1), action(2)))])

    page = await SessionReads(api).actions(ADA, view.session_id, limit=5, cursor="WzJd")  # [2]

    assert [action.revision for action in page.items] == [1]


@pytest.mark.parametrize(
    "session_id", ["0b0e6a1e-3f0c-4f5e-9d5e-0c9a3f1f9d10", "not-a-uuid", "", "\0"]
)
async def test_an_unknown_session_is_not_found(api: Pool, session_id: str) -> None:
    reads = SessionReads(api)

    assert await reads.get(ADA, session_id) is None
    assert (await reads.actions(ADA, session_id, limit=1, cursor=None)).items == []
    assert await reads.sections_at(ADA, session_id, 0) is None


async def test_sections_are_those_at_the_revision(api: Pool) -> None:
    view = new_session().model_copy(update={"revision": 4})
    actions = (
        action(1, sections={"event": {"title": "One"}, "venue": {"mode": "virtual"}}),
        action(2, sections={"event": {"title": "Two"}}),
        action(3, name=ActionName.MOVE_TO_STAGE, sections=None),
        action(4, sections={"event": {}}),
    )
    await LiveProjection(api).write([projection_of(view, actions)])
    empty: dict[Section, JsonObject] = {section: {} for section in Section}
    venue = {Section.VENUE: {"mode": "virtual"}}

    async def at(revision: int) -> object:
        return await SessionReads(api).sections_at(ADA, view.session_id, revision)

    assert await at(0) == empty
    assert await at(1) == {**empty, **venue, Section.EVENT: {"title": "One"}}
    assert await at(2) == {**empty, **venue, Section.EVENT: {"title": "Two"}}
    assert await at(3) == await at(2)
    assert await at(4) == {**empty, **venue}
    for never in (-1, 5, 2**63, 2**80):
        assert await at(never) is None
    assert await SessionReads(api).sections_at(BOB, view.session_id, 1) is None


async def test_sections_of_one_change_are_read_together(api: Pool) -> None:
    view = new_session().model_copy(update={"revision": 1})
    actions = (
        action(1, sections={"event": {"title": "One"}}),
        action(1, part=1, sections={"venue": {"mode": "virtual"}}),
    )
    await LiveProjection(api).write([projection_of(view, actions)])

    sections = await SessionReads(api).sections_at(ADA, view.session_id, 1) or {}

    assert sections[Section.EVENT] == {"title": "One"}
    assert sections[Section.VENUE] == {"mode": "virtual"}


async def test_sections_are_missing_while_an_action_is_missing(api: Pool) -> None:
    view = new_session().model_copy(update={"revision": 3})
    live = LiveProjection(api)
    reads = SessionReads(api)
    first, late, last = (
        action(revision, sections={"event": {"title": str(revision)}}) for revision in (1, 2, 3)
    )

    await live.write([projection_of(view, (first, last))])

    assert await reads.sections_at(ADA, view.session_id, 1) is not None
    assert await reads.sections_at(ADA, view.session_id, 3) is None

    await live.write([projection_of(view, (late,))])

    assert (await reads.sections_at(ADA, view.session_id, 3) or {})[Section.EVENT] == {"title": "3"}


async def test_a_slug_is_taken_across_tenants(api: Pool, worker: Pool) -> None:
    reserved = await Publications(worker).reserve(event(BOB, slug="spring-show"))
    for reads in (SessionReads(api), Publications(worker)):
        assert await reads.is_slug_taken("spring-show", except_session=str(uuid4()))
        assert not await reads.is_slug_taken("spring-show", except_session=reserved.session_id)
        assert not await reads.is_slug_taken("summer-show", except_session=str(uuid4()))
