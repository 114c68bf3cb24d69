"""Saves that wait for a session are sent together; none is lost or sent twice."""

import asyncio
from collections.abc import Sequence

import pytest

from api.sessions.later_saves import MAX_BYTES, MAX_SAVES, MAX_UNSEEN_BYTES, LaterSaves, TakeBatch
from domain.actors import Actor
from domain.errors import Unavailable
from domain.session.messages import StageData
from domain.stages import Stage

ADA = Actor(user_id="ada")


def save(number: int, text: str = "") -> StageData:
    return StageData(
        stage=Stage.EVENT_SETUP, data={"title": text}, actor=ADA, message_id=str(number)
    )


class Session:
    """Takes one signal at a time, and none while a test holds ``free``."""

    def __init__(self) -> None:
        self.free = asyncio.Lock()
        self.signals: list[list[str]] = []
        self.fails = False

    async def deliver(self, _actor: Actor, _session_id: str, take: TakeBatch) -> None:
        async with self.free:
            taken: Sequence[StageData] = take()
            await asyncio.sleep(0)
            if self.fails:
                raise Unavailable
            self.signals.append([save.message_id for save in taken])


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def later(session: Session) -> LaterSaves:
    return LaterSaves(session.deliver)


async def add_together(later: LaterSaves, saves: Sequence[StageData], session: Session) -> None:
    async with session.free:
        adding = [asyncio.create_task(later.add("s", save, seen_revision=0)) for save in saves]
        await asyncio.sleep(0)
    await asyncio.gather(*adding)


async def test_waiting_saves_are_sent_together_in_order(
    later: LaterSaves, session: Session
) -> None:
    await add_together(later, [save(number) for number in range(8)], session)

    assert session.signals == [[str(number) for number in range(8)]]


async def test_a_save_during_a_signal_is_sent_with_the_next(
    later: LaterSaves, session: Session
) -> None:
    await later.add("s", save(0), seen_revision=0)
    await add_together(later, [save(1), save(2)], session)

    assert session.signals == [["0"], ["1", "2"]]


@pytest.mark.parametrize(
    ("saves", "first"),
    [
        ([save(number) for number in range(MAX_SAVES + 1)], MAX_SAVES),
        ([save(number, "x" * (MAX_BYTES // 3)) for number in range(3)], 2),
    ],
    ids=["count", "bytes"],
)
async def test_a_signal_is_limited_in_size(
    later: LaterSaves, session: Session, saves: list[StageData], first: int
) -> None:
    await add_together(later, saves, session)

    ids = [save.message_id for save in saves]
    assert session.signals == [ids[:first], ids[first:]]


async def test_a_cancelled_caller_does_not_cancel_its_save(
    later: LaterSaves, session: Session
) -> None:
    async with session.free:
        cancelled = asyncio.create_task(later.add("s", save(0), seen_revision=0))
        remaining = asyncio.create_task(later.add("s", save(1), seen_revision=0))
        await asyncio.sleep(0)
        cancelled.cancel()
    await remaining

    assert session.signals == [["0", "1"]]


async def test_a_failed_signal_fails_only_its_own_saves(
    later: LaterSaves, session: Session
) -> None:
    session.fails = True
    failed = await asyncio.gather(
        *(later.add("s", save(number), seen_revision=0) for number in range(2)),
        return_exceptions=True,
    )
    session.fails = False
    await later.add("s", save(2), seen_revision=0)

    assert [type(error) for error in failed] == [Unavailable, Unavailable]
    assert session.signals == [["2"]]


async def test_saves_beyond_what_may_be_unseen_are_refused(
    later: LaterSaves, session: Session
) -> None:
    half = "x" * (MAX_UNSEEN_BYTES // 2 - 100)
    for number in range(2):
        await later.add("s", save(number, half), seen_revision=7)

    with pytest.raises(Unavailable):
        await later.add("s", save(2, half), seen_revision=7)

    await later.add("other", save(3, half), seen_revision=7)
    await later.add("s", save(4, half), seen_revision=8)
    assert session.signals == [["0"], ["1"], ["3"], ["4"]]
