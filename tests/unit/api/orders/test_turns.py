"""Requests of one order take turns: a repeat is judged by what the first request has led to."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from api.orders.client import OrderClient
from db.errors import DatabaseUnavailable
from db.order_reads import OrderReads
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
    orders = OrderClient(
        cast(Any, None),
        cast(OrderReads, reads),
        id_secret=SecretStr("s" * 32),
        holds_per_address=0,
    )
    event = cast(Event, SimpleNamespace(event_id="0c0ffee0-0000-4000-8000-000000000000"))

    outcomes = await asyncio.gather(
        *(orders.begin(event, [], key, "192.0.2.1", "https://shop.example") for key in keys),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 2
    assert reads.most == most
