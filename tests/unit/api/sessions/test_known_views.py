"""The views that an API process keeps: of open sessions, up to a limit."""

from datetime import UTC, datetime
from uuid import uuid4

from api.sessions.known_views import KnownViews
from domain.actors import Actor
from domain.session.state import start_session, view_of
from domain.session.view import SessionView, Status


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
