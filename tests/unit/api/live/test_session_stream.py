"""What a stream sends, and when, by a clock that the test moves."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from api.auth.claims import Identity
from api.live.hub import Announced, Subscription
from api.live.session_stream import (
    ENDED_BY_ERASURE,
    ENDED_BY_EXPIRY,
    PING_SECONDS,
    PRESENCE_SECONDS,
    READ_AGAIN_SECONDS,
    SessionStream,
    Shown,
    Sources,
)
from api.live.sse import PING, RETRY, StreamRecord, message
from db.errors import DatabaseUnavailable
from db.presence import Viewer
from domain.actors import Actor
from domain.session.view import PublicationStep, StepState
from tests.support.waiting import ManualClock

ADA = Actor(user_id="ada")
AT = datetime(2030, 3, 1, tzinfo=UTC)
LASTING = 10_000.0

VIEW = Announced(view=True, presence=False)
PRESENCE = Announced(view=False, presence=True)


def shown(revision: int, *steps: PublicationStep) -> Shown:
    return Shown(revision, steps, message("session", json.dumps({"revision": revision}), revision))


def step(name: str, state: StepState) -> PublicationStep:
    return PublicationStep(name=name, state=state, at=AT)


def viewer(user_id: str) -> Viewer:
    return Viewer(user_id=user_id, name=None, since=AT)


class Changes(Subscription):
    """Announces what the test has put in, and otherwise lets the time pass."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock
        self.coming: list[Announced] = []
        self.waits: list[float] = []

    async def next(self, timeout: float) -> Announced | None:  # noqa: ASYNC109 - as the original
        self.waits.append(timeout)
        if self.coming:
            return self.coming.pop(0)
        self._clock.advance(timeout)
        return None


@dataclass
class World:
    clock: ManualClock
    changes: Changes
    expires_in: float = LASTING
    view: Shown | None = None
    erased: bool = False
    viewers: list[Viewer] = field(default_factory=lambda: [viewer("ada")])
    present: frozenset[str] | None = None
    failures: int = 0
    reads: int = 0
    record: StreamRecord = field(default_factory=StreamRecord)

    async def read_view(self, _actor: Actor, _session: str) -> Shown | None:
        self._fail()
        self.reads += 1
        return self.view

    async def was_erased(self, _actor: Actor, _session: str) -> bool:
        return self.erased

    async def read_viewers(self, _actor: Actor, _session: str) -> list[Viewer]:
        self._fail()
        return self.viewers

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise DatabaseUnavailable("away")

    def stream(self, first: Shown, last_id: str | None = None) -> AsyncIterator[bytes]:
        sources = Sources(
            self.read_view, self.was_erased, self.read_viewers, lambda _: self.present
        )
        identity = Identity(ADA, None, self.clock.now + self.expires_in)
        stream = SessionStream(
            identity, "a-session", self.changes, sources, self.record, clock=self.clock
        )
        return stream.chunks(first, last_id)


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(clock, Changes(clock))


def read(chunk: bytes) -> tuple[str | None, str, Any]:
    """Id, event and data."""
    lines = chunk.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines if line)
    return fields.get("id"), fields["event"], json.loads(fields["data"])


async def messages(chunks: AsyncIterator[bytes], number: int) -> list[tuple[str | None, str, Any]]:
    """The next messages; pings are left out."""
    found: list[tuple[str | None, str, Any]] = []
    while len(found) < number:
        chunk = await anext(chunks)
        if chunk not in (PING, RETRY):
            found.append(read(chunk))
    return found


async def test_a_stream_begins_with_view_and_presence(world: World) -> None:
    chunks = world.stream(shown(3))

    assert await anext(chunks) == RETRY
    assert read(await anext(chunks)) == ("3", "session", {"revision": 3})
    identified, event, viewers = read(await anext(chunks))
    assert (identified, event) == ("3", "presence")
    assert [viewer.keys() for viewer in viewers] == [{"user_id", "name", "since"}]


async def test_changes_during_a_slow_read_are_sent_once(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    world.view = shown(9)
    world.changes.coming = [VIEW, VIEW, VIEW]

    assert await messages(chunks, 1) == [("9", "session", {"revision": 9})]
    assert await anext(chunks) == PING


async def test_a_row_that_is_behind_is_not_sent(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    for world.view in (shown(2), shown(3), None):
        world.changes.coming = [VIEW]
        assert await anext(chunks) == PING


async def test_new_states_of_steps_follow_their_view(world: World) -> None:
    reserve, catalogue = step("reserve", StepState.DONE), step("catalogue", StepState.RUNNING)
    chunks = world.stream(shown(3, reserve))
    await messages(chunks, 2)
    world.view = shown(5, reserve, catalogue)
    world.changes.coming = [VIEW]

    view, step_message = await messages(chunks, 2)

    assert view == ("5", "session", {"revision": 5})
    assert step_message[:2] == ("5", "publication")
    assert step_message[2] == catalogue.model_dump(mode="json")


async def test_a_comment_is_sent_every_15_seconds(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    begun = world.clock.now
    for number in (1, 2, 3):
        assert await anext(chunks) == PING
        assert world.clock.now == begun + number * PING_SECONDS == begun + number * 15


async def test_an_expired_token_ends_the_stream(world: World) -> None:
    world.expires_in = 20
    begun = world.clock.now
    sent = [chunk async for chunk in world.stream(shown(3))]

    assert world.clock.now == begun + 20
    assert read(sent[-1]) == ("3", "expired", {})
    assert world.record.ended_by == ENDED_BY_EXPIRY


async def test_an_erased_session_ends_the_stream(world: World) -> None:
    world.erased = True
    world.changes.coming = [VIEW]

    sent = [chunk async for chunk in world.stream(shown(3))]

    assert [read(chunk)[1] for chunk in sent[1:]] == ["session", "presence"]
    assert world.record.ended_by == ENDED_BY_ERASURE


async def test_a_read_that_fails_is_repeated_without_an_announcement(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    begun = world.clock.now
    world.view, world.failures = shown(4), 2
    world.changes.coming = [VIEW]

    assert await messages(chunks, 1) == [("4", "session", {"revision": 4})]
    assert world.clock.now == begun + 2 * READ_AGAIN_SECONDS


async def test_presence_is_sent_once_a_second_at_most(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    begun = world.clock.now
    world.viewers = [viewer("ada"), viewer("bob")]
    world.changes.coming = [PRESENCE] * 20

    ((_, event, viewers),) = await messages(chunks, 1)

    assert (event, len(viewers)) == ("presence", 2)
    assert world.clock.now == begun + PRESENCE_SECONDS
    assert world.changes.coming == []


async def test_presence_that_has_not_changed_is_not_sent(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    world.changes.coming = [PRESENCE]

    assert await anext(chunks) == PING


async def test_presence_whose_announcement_is_lost_is_found(world: World) -> None:
    chunks = world.stream(shown(3))
    await messages(chunks, 2)
    world.viewers = [viewer("ada"), viewer("bob")]
    world.present = frozenset({"ada", "bob"})

    assert await anext(chunks) == PING
    assert (await messages(chunks, 1))[0][1] == "presence"
