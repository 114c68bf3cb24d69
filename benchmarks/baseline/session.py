"""Messages to workflows of the baseline, as subjects that sessions are compared with."""

import asyncio
from typing import Self
from uuid import uuid4

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.baseline.workflows import (
    BARE_ORDER_TASK_QUEUE,
    BARE_ORDER_UPDATE,
    BASELINE_TASK_QUEUE,
    QUERY,
    SIGNAL,
    UPDATE,
    BareOrderWorkflow,
    BaselineWorkflow,
)
from benchmarks.measuring import Operation, Subject, wait_until
from benchmarks.subjects import BARE_ORDER, BARE_QUERY, BARE_SIGNAL, BARE_UPDATE


class BaselineSession:
    """One BaselineWorkflow."""

    def __init__(self, client: Client, handle: WorkflowHandle[BaselineWorkflow, None]) -> None:
        self._client = client
        self._handle = handle
        self._signals_sent = 0

    @classmethod
    async def start(cls, client: Client) -> Self:
        return cls(client, await _started(client))

    async def update(self) -> None:
        await self._handle.execute_update(UPDATE, id=uuid4().hex)

    async def signal(self) -> None:
        self._signals_sent += 1
        await self._handle.signal(SIGNAL)

    async def query(self) -> int:
        signals_received: int = await self._handle.query(QUERY)
        return signals_received

    async def renew(self) -> None:
        """Continue with a new workflow that a worker has in memory: the server accepts at most
        2 000 updates for each run."""
        await self._handle.terminate()
        self._handle = await _started(self._client)
        self._signals_sent = 0
        await self.update()

    async def wait_for_signals(self) -> None:
        """Returns when every signal has been handled."""
        await wait_until(self._has_handled_signals)

    async def _has_handled_signals(self) -> bool:
        return await self.query() >= self._signals_sent


async def _started(client: Client) -> WorkflowHandle[BaselineWorkflow, None]:
    return await client.start_workflow(
        BaselineWorkflow.run, id=f"baseline-{uuid4()}", task_queue=BASELINE_TASK_QUEUE
    )


async def baseline_updates(client: Client, clients: int) -> Subject:
    sessions = [await BaselineSession.start(client) for _ in range(clients)]

    return Subject(
        BARE_UPDATE,
        [session.update for session in sessions],
        prepare=lambda: asyncio.gather(*(session.renew() for session in sessions)),
    )


async def baseline_signals(client: Client, clients: int) -> Subject:
    sessions = [await BaselineSession.start(client) for _ in range(clients)]

    return Subject(
        BARE_SIGNAL,
        [session.signal for session in sessions],
        prepare=lambda: asyncio.gather(*(session.renew() for session in sessions)),
        finish=lambda: asyncio.gather(*(session.wait_for_signals() for session in sessions)),
    )


async def baseline_queries(client: Client, clients: int) -> Subject:
    sessions = [await BaselineSession.start(client) for _ in range(clients)]
    return Subject(BARE_QUERY, [session.query for session in sessions])


def bare_orders(client: Client, clients: int) -> Subject:
    """The least that an order can be: a workflow that starts with an update and two activities."""
    return Subject(BARE_ORDER, [_ordering(client) for _ in range(clients)])


def _ordering(client: Client) -> Operation:
    async def order() -> None:
        start: WithStartWorkflowOperation[BareOrderWorkflow, None] = WithStartWorkflowOperation(
            BareOrderWorkflow.run,
            id=f"bare-order-{uuid4()}",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_queue=BARE_ORDER_TASK_QUEUE,
        )
        await client.execute_update_with_start_workflow(
            BARE_ORDER_UPDATE, start_workflow_operation=start
        )

    return order
