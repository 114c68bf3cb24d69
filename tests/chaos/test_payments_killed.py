"""``kill -9`` of the worker while it calls Stripe: one account, and each tier on sale once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx
from temporalio.testing import WorkflowEnvironment

from tests.support.activity_faults import CRASH_MOMENTS, CrashPoint
from tests.support.api import client_for, token
from tests.support.paid_sessions import (
    KINDS,
    THREE_TIERS,
    WAY_BACK,
    Seller,
    assert_nothing_on_sale,
    assert_on_sale_once,
    connect,
    objects_of,
    start_seller,
)
from tests.support.postgres import Database
from tests.support.processes import Process, Processes
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import settle
from tests.support.stand_in import StandIn
from tests.support.system import STRIPE_ACTIVITIES_PER_SECOND, System
from tests.support.waiting import eventually
from tests.support.wizard import publication_of, start

TAKEN_OVER = 60.0
"""Seconds; Temporal retries an activity of a dead worker after ten."""


PUBLISHING = [
    *(CrashPoint("check_payment_account", moment) for moment in CRASH_MOMENTS),
    *(CrashPoint("offer_tier", moment, call) for moment in CRASH_MOMENTS for call in (1, 3)),
    *(CrashPoint("retire_catalogue", moment, fails="publish_event") for moment in CRASH_MOMENTS),
]

CONNECTING = [
    CrashPoint(activity, moment)
    for activity in (
        "connect_account",
        "create_onboarding_link",
        "hand_account_on",
    )
    for moment in CRASH_MOMENTS
]


@asynccontextmanager
async def signed_in(address: str, count: int) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of ``count`` users, each a tenant."""
    async with AsyncExitStack() as browsers:
        yield [
            await browsers.enter_async_context(client_for(address, token(f"ada-{number}")))
            for number in range(count)
        ]


@dataclass(frozen=True)
class Workers:
    """Workers that sell through the stand-in."""

    processes: Processes
    stand_in: StandIn

    async def steady(self) -> Process:
        return await self.processes.worker(**self._environment)

    async def crashing(self, point: CrashPoint, session_id: str) -> Process:
        return await self.processes.worker(
            entry="tests.support.crashing_worker",
            FAULTS=json.dumps(point.faults(session_id)),
            **self._environment,
        )

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "STRIPE_API_KEY": "sk_test_tests",
            "STRIPE_API_BASE": self.stand_in.url,
            "STRIPE_ACTIVITIES_PER_SECOND": str(STRIPE_ACTIVITIES_PER_SECOND),
        }


async def test_each_tier_is_on_sale_once_after_a_crash_at_any_moment(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    stand_in: StandIn,
    api: System,
) -> None:
    workers = Workers(processes, stand_in)
    async with signed_in(api.address, len(PUBLISHING)) as tenants:
        steady = await workers.steady()
        sales = dict(
            zip(
                PUBLISHING,
                await asyncio.gather(
                    *(start_seller(tenant, stand_in, *THREE_TIERS) for tenant in tenants)
                ),
                strict=True,
            )
        )
        await settle(temporal.client, *(sale.wizard.session_id for sale in sales.values()))
        steady.stop()
        for point, sale in sales.items():
            worker = await workers.crashing(point, sale.wizard.session_id)
            await eventually(partial(is_accepted, sale, worker), what=f"the start before {point}")
            await eventually(worker.killed_itself, what=f"the crash at {point}")

        await workers.steady()
        for point, sale in sales.items():
            await assert_ended_consistently(temporal, database, stand_in, sale, point)


async def is_accepted(sale: Seller, worker: Process) -> bool:
    """Requests the publication; the caller repeats it while the task waits for a dead worker."""
    answer = await sale.wizard.post("/publish", prefer="wait=0", idempotency_key="publish")
    assert answer.status_code in {202, 503}, answer.text
    return answer.status_code == 202 or await worker.killed_itself()


async def assert_ended_consistently(
    temporal: WorkflowEnvironment,
    database: Database,
    stand_in: StandIn,
    sale: Seller,
    point: CrashPoint,
) -> None:
    async def has_ended() -> bool:
        return await publication_of(sale.wizard) in {"published", "failed"}

    await eventually(has_ended, within=TAKEN_OVER, what=f"the end after {point}")
    records = await complete_session_rows(database, temporal.client, sale.wizard.session_id)
    if point.fails:
        assert records.names.count("fail_publication") == 1, point
        await assert_nothing_on_sale(stand_in, sale.account)
        return
    assert records.status == "completed", point
    assert records.names.count("publish_event") == 1, point
    event = (await sale.wizard.http.get(f"/v1/events/{sale.event_id}")).json()
    await assert_on_sale_once(stand_in, sale.account, event)
    created = await objects_of(stand_in, sale.account)
    assert {kind: len(objects) for kind, objects in created.items()} == dict.fromkeys(KINDS, 3), (
        point
    )


async def test_one_account_exists_after_a_crash_at_any_moment(
    processes: Processes, stand_in: StandIn, api: System
) -> None:
    """Requests without an answer are repeated."""
    workers = Workers(processes, stand_in)
    async with signed_in(api.address, len(CONNECTING)) as tenants:
        wizards = [await start(tenant) for tenant in tenants]
        requests = []
        for point, wizard in zip(CONNECTING, wizards, strict=True):
            worker = await workers.crashing(point, wizard.session_id)
            requests.append(asyncio.create_task(wizard.post("/payments/connect", WAY_BACK)))
            await eventually(worker.killed_itself, what=f"the crash at {point}")
        await workers.steady()
        answers = await asyncio.gather(*requests)
        assert {answer.status_code for answer in answers} <= {200, 503}

        connected = [await connect(wizard) for wizard in wizards]

        accounts = [
            account["id"] for account in await stand_in.get("/objects", kind="v2.core.account")
        ]
        assert sorted(account["account_id"] for account in connected) == sorted(accounts)
        for wizard, connection in zip(wizards, connected, strict=True):
            payments = (await wizard.view(consistent="true"))["payments"]
            assert payments["account_id"] == connection["account_id"]
            assert payments["status"] == "onboarding"
