"""Requests of one order take turns: a repeat is judged by what the first request has led to."""

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from api.orders import client
from api.orders.client import BegunOrder, OrderClient
from db.errors import DatabaseUnavailable
from db.order_reads import OrderReads
from domain.errors import Unavailable
from domain.publishing.event import Event


class _ReadsThatTakeTime:
    """``most`` is how many requests read at the same time."""

    def __init__(self) -> None:
        self.most = 0
        self._reading = 0

    async def public_order(self, _order_id: str) -> None:
        self._reading += 1
        self.most = max(self.most, self._reading)
        for _ in range(10):
            await asyncio.sleep(0)
        self._reading -= 1
        raise DatabaseUnavailable("away")


@pytest.mark.parametrize(("keys", "most"), [(["key", "key"], 1), (["key", "other key"], 2)])
async def test_requests_of_one_key_take_turns(keys: list[str], most: int) -> None:
    reads = _ReadsThatTakeTime()
    orders = _client(reads)

    outcomes = await asyncio.gather(*(_order(orders, key) for key in keys), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 2
    assert reads.most == most


async def test_a_repeat_is_unavailable_if_its_turn_does_not_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "ANSWER_TIMEOUT", 0)
    reads = _ReadsThatHang()
    orders = _client(reads)
    first = asyncio.create_task(_order(orders, "key"))
    await reads.begun.wait()

    with pytest.raises(Unavailable):
        await _order(orders, "key")

    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


class _ReadsThatHang:
    """``begun`` is set by the first request."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def public_order(self, _order_id: str) -> None:
        self.begun.set()
        await asyncio.Event().wait()


def _client(reads: object) -> OrderClient:
    return OrderClient(
        cast(Any, None),
        cast(OrderReads, reads),
        id_secret=SecretStr("s" * 32),
        holds_per_address=0,
    )


def _order(orders: OrderClient, key: str) -> Coroutine[Any, Any, BegunOrder]:
    event = cast(Event, SimpleNamespace(event_id="0c0ffee0-0000-4000-8000-000000000000"))
    return orders.begin(event, [], key, "192.0.2.1", "https://shop.example", has_left=_stays)


async def _stays() -> bool:
    return False
