"""``kill -9`` of the worker at each step of an order: one checkout, sold or given back once."""

import asyncio
import json
from typing import Final

import httpx

from domain import ids
from tests.support.activity_faults import CRASH_MOMENTS, CrashPoint
from tests.support.paid_sessions import start_seller
from tests.support.processes import Process, Processes
from tests.support.stand_in import StandIn
from tests.support.system import STRIPE_ACTIVITIES_PER_SECOND, System
from tests.support.ticket_orders import Placed, open_sale
from tests.support.waiting import eventually

TAKEN_OVER: Final = 90.0
"""Seconds; Temporal retries an activity of a dead worker after its timeout."""


def _points(*activities: str) -> list[CrashPoint]:
    return [CrashPoint(activity, moment) for activity in activities for moment in CRASH_MOMENTS]


OPENING: Final = _points("hold_tickets", "open_checkout", "checkout_opened")
PAYING: Final = _points("look_at_checkout", "confirm_order")
CANCELLING: Final = _points("expire_checkout", "release_order")


async def test_an_order_survives_a_crash_at_any_step(
    processes: Processes,
    stand_in: StandIn,
    api: System,
    ada: httpx.AsyncClient,
) -> None:
    environment = {
        "STRIPE_API_KEY": "sk_test_tests",
        "STRIPE_API_BASE": stand_in.url,
        "STRIPE_ACTIVITIES_PER_SECOND": str(STRIPE_ACTIVITIES_PER_SECOND),
        "ORDER_STRIPE_ACTIVITIES_PER_SECOND": str(STRIPE_ACTIVITIES_PER_SECOND),
    }

    async def crashing(point: CrashPoint, order_id: str) -> Process:
        faults = point.faults_of(ids.order_workflow_id(order_id))
        return await processes.worker(
            entry="tests.support.crashing_worker", FAULTS=json.dumps(faults), **environment
        )

    steady = await processes.worker(**environment)
    sale = await open_sale(api, stand_in, await start_seller(ada, stand_in))
    paying = [await sale.place(1) for _ in PAYING]
    cancelling = [await sale.place(1) for _ in CANCELLING]
    for placed in paying:
        await placed.pay()
    steady.stop()

    waiting: list[asyncio.Task[object]] = []
    opening = [Placed(sale, sale.request(1)) for _ in OPENING]
    for point, placed in zip(OPENING, opening, strict=True):
        worker = await crashing(point, placed.order_id)
        waiting.append(asyncio.create_task(sale.ask(placed.request)))
        await eventually(worker.killed_itself, what=f"the crash at {point}")
    for point, placed in zip(PAYING, paying, strict=True):
        worker = await crashing(point, placed.order_id)
        await placed.webhook()
        await eventually(worker.killed_itself, what=f"the crash at {point}")
    for point, placed in zip(CANCELLING, cancelling, strict=True):
        worker = await crashing(point, placed.order_id)
        waiting.append(asyncio.create_task(placed.cancel()))
        await eventually(worker.killed_itself, what=f"the crash at {point}")

    await processes.worker(**environment)
    await asyncio.wait_for(asyncio.gather(*waiting), TAKEN_OVER)
    assert [(await placed.result()).state for placed in paying] == ["paid"] * len(paying)
    assert {(await placed.result()).state for placed in cancelling} == {"cancelled"}
    assert {(await placed.now()).state for placed in opening} == {"open"}
    assert len(await sale.checkouts()) == len(opening) + len(paying) + len(cancelling)
    assert await sale.stock() == (len(paying), len(opening))
