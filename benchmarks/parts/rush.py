"""Twice as many buyers as tickets, fifty at a time, while an organizer works on a session.

The rates of a default deployment apply. Each buyer has an address of its own, as behind a proxy.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address
from typing import Any, Final

from benchmarks.api_client import ApiClient, ApiSession, new_sessions
from benchmarks.measuring import percentile, timed, wait_until
from benchmarks.parts.sizes import Sizes
from benchmarks.selling import BenchSale, BuyerConnection, connect_account, open_sale
from benchmarks.stack import BenchStack, bench_stack

STACK: Final = 5
AT_ONCE: Final = 50
SAVING_CLIENTS: Final = 8
BUYERS_PER_TICKET: Final = 2

_SETTINGS: Final = {"TRUSTED_PROXIES": "127.0.0.1", "HOLDS_PER_ADDRESS": "20"}
_FIRST_ADDRESS: Final = IPv4Address("10.0.0.1")
_PAUSE_SECONDS: Final = 0.05
"""Between two saves of the observed session: a person is slower."""

_HELD: Final = (HTTPStatus.CREATED, HTTPStatus.ACCEPTED)
_BUSY: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass
class _Rush:
    """What the buyers were answered. Times are in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    holds: list[float] = field(default_factory=list)


def run(_: BenchStack, sizes: Sizes) -> dict[str, Any]:
    with bench_stack(STACK, **_SETTINGS) as bench:
        return asyncio.run(_measure(bench, sizes.rush_tickets))


async def _measure(bench: BenchStack, tickets: int) -> dict[str, Any]:
    organizer = await ApiClient.open(bench, user="rush")
    await connect_account(organizer)
    sale = await open_sale(organizer, tickets)
    organizer.close()
    (observed,) = await new_sessions(bench, 1)
    beside_saves = await _saves_beside_clients(bench, observed)
    buyers = BUYERS_PER_TICKET * tickets
    rush = _Rush()
    selling = asyncio.create_task(_sell(bench, sale, buyers, rush))
    during = await _saves_until(observed, selling)
    seconds = await selling
    sold = await _sold(bench, sale)
    busy = sum(rush.statuses[status] for status in _BUSY)
    return {
        "buyers": buyers,
        "tickets": tickets,
        "sold": sold,
        "holds_per_second": round(len(rush.holds) / seconds, 1),
        "hold_p50_s": round(percentile(rush.holds, 50), 3),
        "hold_p99_s": round(percentile(rush.holds, 99), 3),
        "busy_percent": round(100 * busy / rush.statuses.total(), 2),
        "save_beside_saving_clients_p50_ms": round(1000 * percentile(beside_saves, 50), 1),
        "save_during_rush_p50_ms": round(1000 * percentile(during, 50), 1),
    }


async def _saves_beside_clients(bench: BenchStack, observed: ApiSession) -> list[float]:
    """Durations of saves while other clients save without a pause."""
    others = await new_sessions(bench, SAVING_CLIENTS)
    ends = asyncio.Event()

    async def keep_saving(session: ApiSession) -> None:
        while not ends.is_set():
            await session.save()

    saving = asyncio.gather(*map(keep_saving, others))
    durations = [await _save(observed) for _ in range(100)]
    ends.set()
    await saving
    return durations


async def _saves_until(observed: ApiSession, selling: "asyncio.Task[float]") -> list[float]:
    durations = [await _save(observed)]
    while not selling.done():
        durations.append(await _save(observed))
    return durations


async def _save(session: ApiSession) -> float:
    await asyncio.sleep(_PAUSE_SECONDS)
    return await timed(session.save)


async def _sell(bench: BenchStack, sale: BenchSale, buyers: int, rush: _Rush) -> float:
    """Returns the seconds until the last buyer was answered, and has paid."""
    queue = iter(range(buyers))
    connections = [await BuyerConnection.open(bench) for _ in range(AT_ONCE)]

    async def sell() -> None:
        await asyncio.gather(*(_serve(buyer, sale, queue, rush) for buyer in connections))

    seconds = await timed(sell)
    for connection in connections:
        connection.close()
    return seconds


async def _serve(
    connection: BuyerConnection, sale: BenchSale, queue: Iterator[int], rush: _Rush
) -> None:
    """Sends one buyer after the other. Each that holds a ticket pays."""
    for number in queue:
        headers = {"X-Forwarded-For": str(_FIRST_ADDRESS + number)}
        loop = asyncio.get_running_loop()
        started = loop.time()
        status, order = await connection.try_to_order(sale, headers)
        rush.holds.append(loop.time() - started)
        rush.statuses[status] += 1
        if status in _HELD:
            await connection.pay(await connection.with_checkout(order))


async def _sold(bench: BenchStack, sale: BenchSale) -> int:
    """Tickets that are sold once none is held any more."""
    organizer = await ApiClient.open(bench, user="rush")
    total: dict[str, Any] = {}

    async def is_over() -> bool:
        nonlocal total
        sales = await organizer.request("GET", f"/v1/events/{sale.event_id}/sales")
        total = json.loads(sales)["total"]
        return bool(total["held"] == 0)

    await wait_until(is_over, interval=0.2)
    organizer.close()
    return int(total["sold"])
