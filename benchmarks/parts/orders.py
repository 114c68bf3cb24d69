"""Orders of tickets: how many per second on one event and on several, and what one costs.

The rate of Stripe's task queue, which limits orders in a default deployment, is out of reach here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import asyncpg
import httpx

from benchmarks.api_client import ApiClient
from benchmarks.baseline.session import bare_orders
from benchmarks.costs import (
    stripe_event_histories,
    stripe_event_workflows,
    temporal_cost,
    wait_for_webhooks,
)
from benchmarks.measuring import Operation, Pids, Subject, measure
from benchmarks.parts.sizes import Sizes
from benchmarks.selling import BenchSale, BuyerConnection, Json, connect_account, open_sale
from benchmarks.stack import BenchStack, baseline_worker, bench_stack
from benchmarks.subjects import BASELINE_AND_PEERS, HOT_ORDER, SPREAD_ORDER
from domain import ids

CLIENTS: Final = 8
PLACES: Final = 100_000
"""More than are ordered."""

STACK: Final = 4
_UNLIMITED: Final = {"ORDER_STRIPE_ACTIVITIES_PER_SECOND": "10000"}

_ROW_BYTES: Final = "SELECT pg_column_size(o.*) FROM ticket_orders AS o WHERE id = $1"

Ending = Callable[[BuyerConnection, Json], Awaitable[None]]


def run(_: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """``rates`` by subject, and ``costs`` of one order by the way in which it ends."""
    with bench_stack(STACK, **_UNLIMITED) as bench, baseline_worker(bench) as baseline:
        pids = {**bench.pids, BASELINE_AND_PEERS: [baseline.pid]}
        return asyncio.run(_measure(bench, sizes, pids))


async def _measure(bench: BenchStack, sizes: Sizes, pids: Pids) -> dict[str, Any]:
    organizer = await ApiClient.open(bench, user="orders")
    await connect_account(organizer)
    costs = await _costs(bench, await open_sale(organizer, PLACES))
    subjects = [
        bare_orders(await bench.temporal(), CLIENTS),
        await _orders(bench, HOT_ORDER, [await open_sale(organizer, PLACES)] * CLIENTS),
        await _orders(
            bench, SPREAD_ORDER, [await open_sale(organizer, PLACES) for _ in range(CLIENTS)]
        ),
    ]
    rates = await measure(subjects, sizes.turns, pids)
    organizer.close()
    return {"rates": rates, "costs": costs}


async def _orders(bench: BenchStack, name: str, sales: list[BenchSale]) -> Subject:
    """Each client orders tickets of its sale. The orders stay open."""
    buyers = [await BuyerConnection.open(bench) for _ in sales]
    return Subject(name, list(map(_ordering, buyers, sales)))


def _ordering(buyer: BuyerConnection, sale: BenchSale) -> Operation:
    return lambda: buyer.order(sale)


async def _costs(bench: BenchStack, sale: BenchSale) -> dict[str, Any]:
    endings: dict[str, Ending] = {"paid": BuyerConnection.pay, "cancelled": BuyerConnection.cancel}
    return {state: await _cost(bench, sale, ending) for state, ending in endings.items()}


async def _cost(bench: BenchStack, sale: BenchSale, end: Ending) -> dict[str, Any]:
    """Of one order, the workflows of its webhooks included."""
    temporal = await bench.temporal()
    events_before = await stripe_event_workflows(temporal)
    requests_before = await _stripe_requests(bench)
    buyer = await BuyerConnection.open(bench)
    order = await buyer.order(sale)
    await end(buyer, order)
    buyer.close()
    workflow = temporal.get_workflow_handle(ids.order_workflow_id(order["order_id"]))
    await workflow.result()
    await wait_for_webhooks(bench)
    events = await stripe_event_histories(temporal, events_before)
    return {
        "order": await temporal_cost(temporal, [await workflow.fetch_history()]),
        "stripe_events": await temporal_cost(temporal, events),
        "stripe_requests": await _stripe_requests(bench) - requests_before,
        "row_bytes": await _row_bytes(bench, order["order_id"]),
    }


async def _stripe_requests(bench: BenchStack) -> int:
    async with httpx.AsyncClient(base_url=f"{bench.stack.stripe_url}/_stand_in") as stand_in:
        return len((await stand_in.get("/requests")).json())


async def _row_bytes(bench: BenchStack, order_id: str) -> int:
    database = await asyncpg.connect(bench.stack.database_admin_url)
    size: int = await database.fetchval(_ROW_BYTES, order_id)
    await database.close()
    return size
