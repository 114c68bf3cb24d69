"""Messages to the floor's workflow: what any client of this Temporal server pays."""

import asyncio
from typing import Self
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from benchmarks.floor import QUERY, SIGNAL, TASK_QUEUE, UPDATE, Floor
from benchmarks.measuring import Subject
from benchmarks.subjects import BARE_QUERY, BARE_SIGNAL, BARE_UPDATE
from benchmarks.waiting import until


class BareSession:
    """One workflow of the floor."""

    def __init__(self, client: Client, handle: WorkflowHandle[Floor, None]) -> None:
        self._client = client
        self._handle = handle
        self._signals = 0

    @classmethod
    async def start(cls, client: Client) -> Self:
        return cls(client, await _started(client))

    async def update(self) -> None:
        await self._handle.execute_update(UPDATE, id=uuid4().hex)

    async def signal(self) -> None:
        self._signals += 1
        await self._handle.signal(SIGNAL)

    async def query(self) -> int:
        received: int = await self._handle.query(QUERY)
        return received

    async def renew(self) -> None:
        """Go on with another workflow, of which a worker knows already: a run takes no more than
        2 000 updates."""
        await self._handle.terminate()
        self._handle = await _started(self._client)
        self._signals = 0
        await self.update()

    async def settle(self) -> None:
        """Until every signal has been handled."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        return await self.query() >= self._signals


async def _started(client: Client) -> WorkflowHandle[Floor, None]:
    return await client.start_workflow(Floor.run, id=f"floor-{uuid4()}", task_queue=TASK_QUEUE)


async def bare_updates(client: Client, clients: int) -> Subject:
    sessions = [await BareSession.start(client) for _ in range(clients)]

    return Subject(
        BARE_UPDATE,
        [each.update for each in sessions],
        prepare=lambda: asyncio.gather(*(each.renew() for each in sessions)),
    )


async def bare_signals(client: Client, clients: int) -> Subject:
    sessions = [await BareSession.start(client) for _ in range(clients)]

    return Subject(
        BARE_SIGNAL,
        [each.signal for each in sessions],
        prepare=lambda: asyncio.gather(*(each.renew() for each in sessions)),
        settle=lambda: asyncio.gather(*(each.settle() for each in sessions)),
    )


async def bare_queries(client: Client, clients: int) -> Subject:
    sessions = [await BareSession.start(client) for _ in range(clients)]
    return Subject(BARE_QUERY, [each.query for each in sessions])
