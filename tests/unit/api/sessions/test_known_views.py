"""The views that an API process keeps: of open sessions, up to a limit."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.sessions.known_views import KnownViews
from domain.actors import Actor
from domain.session.state import start_session, view_of
from domain.session.view import SessionView, Status
from domain.stages import Stage
from domain.validation.drafts import size_of


def new_view() -> SessionView:
    now = datetime.now(UTC)
    return view_of(start_session(str(uuid4()), Actor(user_id="ada"), created_at=now), now)


def later(view: SessionView, status: Status = Status.IN_PROGRESS) -> SessionView:
    is_active = status is Status.IN_PROGRESS
    return view.model_copy(
        update={"revision": view.revision + 1, "status": status, "is_active": is_active}
    )


def test_the_newest_view_is_kept() -> None:
    known, view = KnownViews(), new_view()
    known.note(later(view))
    known.note(view)
    assert known.newest(view.session_id) == later(view)


def test_a_session_that_has_ended_takes_no_memory() -> None:
    known, view = KnownViews(), new_view()
    known.note(view)
    known.note(later(view, Status.ABANDONED))
    assert known.newest(view.session_id) is None

    known.note(later(view, Status.COMPLETED))
    assert known.newest(view.session_id) is None


def test_the_session_unused_for_longest_is_dropped_first() -> None:
    known = KnownViews(max_bytes=3 * 4096)
    first, second, third = (new_view() for _ in range(3))
    for view in (first, second, later(first), third):
        known.note(view)
    kept = [view.session_id for view in (first, second, third) if known.newest(view.session_id)]
    assert kept == [first.session_id, third.session_id]


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), (1, 1.0), (1e20, 10**20)])
def test_data_that_python_calls_equal_is_measured_again(before: float, after: float) -> None:
    """They are equal in Python, but one takes more bytes than the other."""
    view = with_tags(new_view(), [before] * 1000)
    known = KnownViews(max_bytes=4096 + sum(size_of(s.data) for s in view.stages.values()))
    known.note(view)
    assert known.newest(view.session_id) is not None

    known.note(with_tags(later(view), [after] * 1000))

    assert known.newest(view.session_id) is None


def test_each_session_is_counted_once() -> None:
    known, view = KnownViews(max_bytes=2 * 4096), new_view()
    for revision in range(20):
        known.note(with_tags(view.model_copy(update={"revision": revision}), ["x" * 1000]))
    assert known.newest(view.session_id) is not None


def with_tags(view: SessionView, tags: list[Any]) -> SessionView:
    shown = view.stages[Stage.EVENT_SETUP].model_copy(update={"data": {"tags": tags}})
    return view.model_copy(update={"stages": {**view.stages, Stage.EVENT_SETUP: shown}})
