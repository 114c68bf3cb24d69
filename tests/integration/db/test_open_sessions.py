"""The rows that the sweep reads: pages of open sessions, their idleness and milestones."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db.open_sessions import OpenRow, OpenSessions
from db.pool import Pool
from db.projection import DurableProjection
from domain.session.view import Publication, PublicationState, SessionView, Status
from tests.integration.db.read_model_factories import projection_of, session_view

DAY = 24 * 60 * 60
OLD = timedelta(days=3)


def aged(age: timedelta = OLD, **changed: Any) -> SessionView:
    at = datetime.now(UTC) - age
    fields = {"created_at": at, "updated_at": at, "expires_at": at + timedelta(days=7), **changed}
    return session_view(**fields)


async def stored(worker: Pool, *views: SessionView) -> None:
    await DurableProjection(worker).write([projection_of(view) for view in views])


async def page(worker: Pool, **changed: Any) -> list[OpenRow]:
    arguments = {
        "idle_for_seconds": 2 * DAY,
        "created_before_seconds": 600.0,
        "limit": 100,
        **changed,
    }
    return await OpenSessions(worker).page(arguments.pop("after", None), **arguments)


def ids_of(rows: Sequence[OpenRow]) -> list[str]:
    return [row.session_id for row in rows]


async def test_pages_have_each_open_session_once(worker: Pool) -> None:
    """Even if several expire at the same moment."""
    at = datetime.now(UTC) + timedelta(days=1)
    views = [aged(expires_at=at + timedelta(seconds=number // 3)) for number in range(7)]
    await stored(
        worker, *views, *(aged(status=status) for status in Status if status != "in_progress")
    )
    session_ids: list[str] = []
    after = None
    while rows := await page(worker, after=after, limit=2):
        session_ids += ids_of(rows)
        after = (rows[-1].expires_at, rows[-1].session_id)

    assert session_ids == [
        view.session_id
        for view in sorted(views, key=lambda view: (view.expires_at, view.session_id))
    ]


async def test_a_young_session_is_on_no_page(worker: Pool) -> None:
    young, older = aged(timedelta(minutes=9)), aged(timedelta(minutes=11))
    await stored(worker, young, older)

    assert ids_of(await page(worker)) == [older.session_id]


@pytest.mark.parametrize(
    ("age", "idle_for", "state", "idle"),
    [
        (OLD, 2 * DAY, PublicationState.NONE, True),
        (OLD, 2 * DAY, PublicationState.FAILED, True),
        (OLD, 2 * DAY, PublicationState.SCHEDULED, False),
        (OLD, 2 * DAY, PublicationState.RUNNING, False),
        (OLD, 4 * DAY, PublicationState.NONE, False),
        (OLD, 0, PublicationState.NONE, False),
    ],
)
async def test_a_session_is_idle_by_age_and_publication(
    worker: Pool, age: timedelta, idle_for: int, state: PublicationState, idle: bool
) -> None:
    await stored(worker, aged(age, publication=Publication(state=state)))

    (row,) = await page(worker, idle_for_seconds=idle_for)

    assert row.idle is idle


async def test_milestones_are_those_of_the_given_sessions(worker: Pool) -> None:
    requested, unrequested = aged(), aged()
    await stored(worker, requested, unrequested)

    milestones = await OpenSessions(worker).milestones([requested.session_id, str(uuid4())])

    assert list(milestones) == [requested.session_id]
    (row,) = milestones.values()
    assert row.model_dump() == requested.model_dump(include=set(type(row).model_fields))


async def test_a_session_is_read_as_it_was_stored(worker: Pool) -> None:
    view = aged()
    await stored(worker, view)

    assert await OpenSessions(worker).get(view.session_id) == view
    assert await OpenSessions(worker).get(str(uuid4())) is None
