"""Which sessions an API process takes to be lost, and for how long."""

import pytest

from api.sessions import known_lost
from api.sessions.known_lost import LOST_FOR, KnownLost
from tests.support.waiting import ManualClock


def test_a_lost_session_is_sure_for_a_while_only(clock: ManualClock) -> None:
    lost = KnownLost(clock)
    assert (lost.knows("s-1"), lost.is_sure("s-1")) == (False, False)

    lost.add("s-1")
    clock.advance(LOST_FOR - 0.1)
    assert (lost.knows("s-1"), lost.is_sure("s-1")) == (True, True)
    clock.advance(0.2)
    assert (lost.knows("s-1"), lost.is_sure("s-1")) == (True, False)

    lost.add("s-1")
    assert lost.is_sure("s-1")
    lost.forget("s-1")
    lost.forget("s-1")
    assert (lost.knows("s-1"), lost.is_sure("s-1")) == (False, False)


def test_the_session_seen_longest_ago_is_dropped_first(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_lost, "MAX_LOST", 2)
    lost = KnownLost(clock)

    for session_id in ("s-1", "s-2", "s-1", "s-3"):
        lost.add(session_id)

    assert [name for name in ("s-1", "s-2", "s-3") if lost.knows(name)] == ["s-1", "s-3"]
