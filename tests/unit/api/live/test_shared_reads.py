"""Streams that ask in the same moment share a read; a later one does not."""

import asyncio

import pytest

from api.live.shared_reads import SharedReads
from domain.actors import Actor
from tests.support.waiting import until

ADA = Actor(user_id="ada", organization_id="acme")
BOB = Actor(user_id="bob", organization_id="acme")
EVE = Actor(user_id="eve")


class Reads:
    """Each read waits until the test lets it end."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.ending = asyncio.Event()
        self.shared = SharedReads(self.read)

    async def read(self, actor: Actor, session_id: str) -> int:
        self.asked.append((str(actor.tenant), session_id))
        number = len(self.asked)
        await self.ending.wait()
        return number


async def begun(reads: Reads, number: int) -> None:
    await until(lambda: len(reads.asked) >= number)


async def test_who_asks_at_once_shares_a_read() -> None:
    reads = Reads()
    asking = [asyncio.create_task(reads.shared.get(who, "s")) for who in (ADA, BOB, ADA)]
    await begun(reads, 1)
    reads.ending.set()

    assert [await reading for reading in asking] == [1, 1, 1]


async def test_a_read_that_has_begun_is_not_shared() -> None:
    reads = Reads()
    first = asyncio.create_task(reads.shared.get(ADA, "s"))
    await begun(reads, 1)
    second = asyncio.create_task(reads.shared.get(ADA, "s"))
    await begun(reads, 2)
    reads.ending.set()

    assert (await first, await second) == (1, 2)


async def test_tenants_and_sessions_do_not_share() -> None:
    reads = Reads()
    reads.ending.set()
    await asyncio.gather(
        reads.shared.get(ADA, "s"), reads.shared.get(EVE, "s"), reads.shared.get(ADA, "t")
    )

    assert sorted(reads.asked) == [
        ("organization:acme", "s"),
        ("organization:acme", "t"),
        ("user:eve", "s"),
    ]


async def test_a_reader_that_leaves_does_not_end_the_read_of_others() -> None:
    reads = Reads()
    leaving = asyncio.create_task(reads.shared.get(ADA, "s"))
    staying = asyncio.create_task(reads.shared.get(BOB, "s"))
    await begun(reads, 1)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    reads.ending.set()

    assert await staying == 1
