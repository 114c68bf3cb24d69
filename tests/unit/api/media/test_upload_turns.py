"""Uploads wait for their turn, and a store that fails."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from api.media import uploads
from api.media.uploads import UPLOADS_AT_ONCE, UPLOADS_OF_A_TENANT, Pictures
from domain.actors import Actor
from domain.errors import Unavailable
from tests.support.pictures import encoded, quarters

ADA = Actor(user_id="ada")


class Register:
    """Keeps what it is given, without a quota."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    async def keep(self, _: Actor, picture: Any, *, quota: int) -> None:
        self.kept.append((picture, quota))


class BrokenStore:
    async def put(self, name: str, data: bytes) -> None:
        raise Unavailable("The picture store cannot be reached. Try again.")


def pictures(register: Any = None, store: Any = None) -> Pictures:
    return Pictures(register, store, quota=1000)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TURN_SECONDS", 0.1)


async def test_a_tenant_leaves_turns_to_others() -> None:
    shared = pictures()
    async with AsyncExitStack() as turns:
        for _ in range(UPLOADS_OF_A_TENANT):
            await turns.enter_async_context(shared.turn(ADA))

        with pytest.raises(Unavailable):
            async with shared.turn(ADA):
                pass
        async with shared.turn(Actor(user_id="bob")):
            pass
        async with shared.turn(Actor(user_id="ada", organization_id="acme")):
            pass


async def test_all_tenants_together_have_so_many_turns() -> None:
    shared = pictures()
    async with AsyncExitStack() as turns:
        for number in range(UPLOADS_AT_ONCE):
            await turns.enter_async_context(shared.turn(Actor(user_id=f"user-{number}")))

        with pytest.raises(Unavailable):
            async with shared.turn(ADA):
                pass

    async with shared.turn(ADA):  # the others are over, and the refused one took no turn
        pass


async def test_a_waiting_upload_gets_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TURN_SECONDS", 20)
    shared = pictures()
    order: list[int] = []

    async def upload(number: int) -> None:
        async with shared.turn(ADA):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(upload(number) for number in range(10)))

    assert order == list(range(10))


async def test_an_upload_that_is_not_stored_is_unavailable_and_counted() -> None:
    register = Register()

    with pytest.raises(Unavailable):
        await pictures(register, BrokenStore()).keep(ADA, encoded(quarters(30, 20)))

    ((kept, quota),) = register.kept  # before the files, so that no deletion takes them
    assert (kept.width, kept.height, quota) == (30, 20, 1000)
