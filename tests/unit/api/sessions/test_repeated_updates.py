"""A repeat whose first request has no response, with a workflow that a test stands in for."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest

from api.sessions.delivery import Delivery
from api.sessions.idempotency import Attempt
from api.sessions.known_views import KnownViews
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.turns import MessageSlots
from api.sessions.updates import ChangeRequest, Updates
from api.sessions.views import Views
from domain import ids
from domain.actors import Actor
from domain.session import messages
from domain.session.answers import UpdateResult
from domain.session.state import start_session, view_of
from domain.session.view import SessionView

ADA = Actor(user_id="ada")


class AnsweredBefore:
    """Temporal, which gives the answer of the first attempt; and the session as it is now."""

    def __init__(self, view: SessionView) -> None:
        self._view = view

    async def answered(self, *_: Any, **__: Any) -> UpdateResult:
        return UpdateResult.model_validate(
            {**self._view.model_dump(mode="json"), "attempt": "the first one"}
        )

    async def view(self, *_: Any, consistent: bool) -> SessionView:
        assert consistent
        return self._view


class AnsweredLate:
    """A delivery that sends an update twice, and Temporal, which gives the answer of the first one.
    Meanwhile the API has dropped the view on which it builds."""

    def __init__(self, view: SessionView, known: KnownViews) -> None:
        self._view, self._known = view, known
        self._answer: UpdateResult | None = None

    async def answered(self, _: object, __: str, send: Callable[..., Any], **___: Any) -> Any:
        await send(self)
        self._known.forget(self._view.session_id)
        return await send(self)

    async def execute_update(self, _: str, request: messages.Request, **__: Any) -> UpdateResult:
        if self._answer is None:
            shown = self._view.model_dump(mode="json")
            for stage in shown["stages"].values():
                stage["data"] = None
            self._answer = UpdateResult.model_validate(
                {**shown, "attempt": request.attempt, "builds_on": request.known_revision}
            )
        return self._answer

    async def view(self, *_: Any, consistent: bool) -> SessionView:
        assert consistent
        return self._view


class Projected:
    def __init__(self) -> None:
        self.views: list[SessionView] = []

    def add(self, view: SessionView, actions: Any = ()) -> None:
        self.views.append(view)


@pytest.fixture
def view() -> SessionView:
    now = datetime.now(UTC)
    return view_of(start_session(str(uuid4()), ADA, created_at=now), now)


async def test_an_answer_to_an_earlier_attempt_of_a_call_is_not_completed(
    view: SessionView,
) -> None:
    known = KnownViews()
    known.note(view)
    temporal, projected = AnsweredLate(view, known), Projected()
    updates = Updates(
        cast(Delivery, temporal),
        cast(Views, temporal),
        known,
        cast(LiveProjectionQueue, projected),
        MessageSlots(),
    )
    change = ChangeRequest(ADA, view.session_id, Attempt.of(None))

    changed = await updates.change(ids.UPDATE_ABANDON, change, messages.Abandon)

    assert changed.view == view
    assert projected.views == [view]


async def test_a_repeat_writes_the_change_to_the_read_model(view: SessionView) -> None:
    """The first request was given up before the answer came, so it has not written the change."""
    temporal, projected = AnsweredBefore(view), Projected()
    updates = Updates(
        cast(Delivery, temporal),
        cast(Views, temporal),
        KnownViews(),
        cast(LiveProjectionQueue, projected),
        MessageSlots(),
    )
    change = ChangeRequest(ADA, view.session_id, Attempt.of("key-1"))

    changed = await updates.change(ids.UPDATE_ABANDON, change, messages.Abandon)

    assert changed.is_repeat
    assert projected.views == [changed.view]
