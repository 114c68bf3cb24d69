"""The queue of the live projection, with a projection that a test holds back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest

from api.sessions.live_projection import MAX_BATCH, LiveProjectionQueue
from db.projection import LiveProjection
from domain.actors import Actor
from domain.session.projection import Projected
from domain.session.state import start_session, view_of
from domain.session.view import SessionView
from observability.metrics import ApiMetrics


class HeldProjection:
    """Writes when it is released. ``written`` has the sessions of each batch."""

    def __init__(self) -> None:
        self.written: list[list[str]] = []
        self.has_begun = asyncio.Event()
        self.released = asyncio.Event()

    async def write(self, batch: Sequence[Projected]) -> None:
        self.written.append([projected.view.session_id for projected in batch])
        self.has_begun.set()
        await self.released.wait()


def new_view() -> SessionView:
    now = datetime.now(UTC)
    return view_of(start_session(str(uuid4()), Actor(user_id="ada"), created_at=now), now)


@pytest.fixture
def view() -> SessionView:
    return new_view()


async def test_a_forgotten_session_is_not_read_while_written(view: SessionView) -> None:
    projection = HeldProjection()
    queue = LiveProjectionQueue(cast(LiveProjection, projection), ApiMetrics())
    queue.start()
    queue.add(view)
    await projection.has_begun.wait()
    assert queue.newest(view.session_id) == view

    queue.forget(view.session_id)

    assert queue.newest(view.session_id) is None
    projection.released.set()
    await queue.stop()


async def test_a_session_that_changes_again_keeps_its_place(view: SessionView) -> None:
    projection = HeldProjection()
    queue = LiveProjectionQueue(cast(LiveProjection, projection), ApiMetrics())
    queue.add(view)
    for _ in range(MAX_BATCH):
        queue.add(new_view())
    queue.add(view)
    queue.start()
    await projection.has_begun.wait()

    assert projection.written[0][0] == view.session_id

    projection.released.set()
    await queue.stop()
