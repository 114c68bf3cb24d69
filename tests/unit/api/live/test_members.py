"""Names are written once in a while, in the background, and again after a failure."""

from collections.abc import AsyncIterator

import pytest

from api.auth.claims import Identity
from api.live.members import KNOWN_SECONDS, MAX_ATTEMPTS, MemberNames
from db.errors import DatabaseUnavailable
from db.presence import Members
from domain.actors import Actor
from tests.support.waiting import ManualClock, eventually, until


class Written(Members):
    """Instead of the table."""

    def __init__(self) -> None:
        self.names: list[tuple[str, str]] = []
        self.is_down = False
        self.has_sessions = True
        self.attempts = 0

    async def put(self, actor: Actor, name: str) -> bool:
        self.attempts += 1
        if self.is_down:
            raise DatabaseUnavailable("away")
        if self.has_sessions:
            self.names.append((str(actor.tenant), name))
        return self.has_sessions


def ada(name: str | None = "Ada Lovelace", org: str | None = None) -> Identity:
    return Identity(Actor(user_id="ada", organization_id=org), name, 0.0)


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
async def noted(clock: ManualClock, written: Written) -> AsyncIterator[MemberNames]:
    names = MemberNames(clock=clock)
    names.start(written)
    yield names
    await names.stop()


async def test_a_name_is_written_once(
    noted: MemberNames, written: Written, clock: ManualClock
) -> None:
    for _ in range(3):
        noted.note(ada())
    noted.note(ada(org="acme"))
    await until(lambda: len(written.names) == 2)
    noted.note(ada())
    clock.advance(KNOWN_SECONDS)
    noted.note(ada())
    await until(lambda: len(written.names) == 3)

    assert sorted(written.names[:2]) == [
        ("organization:acme", "Ada Lovelace"),
        ("user:ada", "Ada Lovelace"),
    ]
    assert written.attempts == 3


async def test_a_new_name_is_written_at_once(noted: MemberNames, written: Written) -> None:
    noted.note(ada("Ada Byron"))
    await until(lambda: len(written.names) == 1)
    noted.note(ada("Ada Lovelace"))
    await until(lambda: len(written.names) == 2)


async def test_a_token_without_a_name_writes_nothing(noted: MemberNames, written: Written) -> None:
    noted.note(ada(None))
    noted.note(ada("Ada"))
    await until(lambda: len(written.names) == 1)
    assert written.attempts == 1


@pytest.mark.parametrize("reason", ["is_down", "has_no_sessions"])
async def test_a_name_that_was_not_stored_is_tried_again(
    noted: MemberNames, written: Written, reason: str
) -> None:
    written.is_down = reason == "is_down"
    written.has_sessions = reason != "has_no_sessions"
    noted.note(ada())
    await until(lambda: written.attempts == 2)
    written.is_down, written.has_sessions = False, True
    await until(lambda: written.names == [("user:ada", "Ada Lovelace")])


async def test_a_name_is_given_up_until_the_next_request(
    noted: MemberNames, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.members.FIRST_PAUSE", 0.0)
    written.is_down = True
    noted.note(ada())
    await until(lambda: written.attempts == MAX_ATTEMPTS)
    written.is_down = False

    async def stored() -> bool:
        noted.note(ada())
        return bool(written.names)

    await eventually(stored, what="the name")
