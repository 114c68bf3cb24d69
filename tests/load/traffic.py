"""All clients of a run: how many there are, their pace, and what they were told."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.api_client import ApiClient
from benchmarks.connection import Connection
from benchmarks.selling import connect_account
from benchmarks.stack import BenchStack
from tests.load.acknowledged import Acknowledged
from tests.load.answers import Ledger
from tests.load.caller import Caller
from tests.load.organizer import Organizer
from tests.load.pacing import Pacer, Stop

ORGANIZATIONS: Final = 4
"""Each has an account at Stripe. Their members are the clients, each with its own token."""


def organization_of(number: int) -> str:
    return f"organization-{number % ORGANIZATIONS}"


async def owner_of(bench: BenchStack, organization: str) -> ApiClient:
    """A member that is no client of the run."""
    token = bench.token(f"owner-of-{organization}", organization)
    return ApiClient(await Connection.open(bench.stack.api_url), token)


class Traffic:
    """``pacer`` may be replaced at any time."""

    def __init__(self, bench: BenchStack) -> None:
        self.ledger = Ledger()
        self.kept = Acknowledged()
        self.pacer = Pacer()
        self._bench = bench
        self._numbers = itertools.count()
        self._clients: list[tuple[Stop, asyncio.Task[None]]] = []

    @property
    def clients(self) -> int:
        return len(self._clients)

    async def have(self, clients: int) -> None:
        """Starts clients; or lets the newest ones end, when their request is answered."""
        while len(self._clients) < clients:
            self._clients.append(self._started(next(self._numbers)))
        surplus, self._clients = self._clients[clients:], self._clients[:clients]
        for stop, _ in surplus:
            stop.set()
        await asyncio.gather(*(task for _, task in surplus))

    def check(self) -> None:
        """Raises the error of a client that has ended with one."""
        for _, task in self._clients:
            if task.done():
                task.result()

    def cancel(self) -> None:
        for _, task in self._clients:
            task.cancel()

    def _started(self, number: int) -> tuple[Stop, "asyncio.Task[None]"]:
        stack, stop = self._bench.stack, Stop()
        organization = organization_of(number)
        token = self._bench.token(f"organizer-{number}", organization)
        caller = Caller(stack.api_url, token, self.ledger, lambda: self.pacer, stop)
        organizer = Organizer(
            caller,
            self.kept,
            stop,
            number=number,
            organization=organization,
            stripe_url=str(stack.stripe_url),
        )
        return stop, asyncio.create_task(organizer.work())


@asynccontextmanager
async def traffic_on(bench: BenchStack) -> AsyncIterator[Traffic]:
    """Without a client yet. Its organizations can take payments."""
    await asyncio.gather(*(_connect(bench, number) for number in range(ORGANIZATIONS)))
    traffic = Traffic(bench)
    try:
        yield traffic
    finally:
        traffic.cancel()


async def _connect(bench: BenchStack, number: int) -> None:
    client = await owner_of(bench, organization_of(number))
    await connect_account(client)
    client.close()
