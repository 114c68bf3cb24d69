"""A save through HTTP beside a bare no-op update of the same server.

    make bench

Both are measured in turns, round after round, so that what else the machine does meets both. What
counts is the ratio. JSON on standard output, a table on standard error.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from temporalio.client import Client, WorkflowHandle

from benchmarks.floor import TASK_QUEUE, UPDATE, Floor
from benchmarks.http import Connection
from benchmarks.stack import own_stack
from dev.identity.issuer import Issuer
from dev.state import Stack
from encryption.keys import KeyRing
from workflows import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS: Final = 5
SECONDS_PER_ROUND: Final = 3.0
CLIENTS: Final = (1, 8)

Operation = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Measured:
    """``p50`` and ``p99`` in milliseconds, ``rate`` per second; medians over the rounds."""

    p50: float
    p99: float
    rate: float


async def main(stack: Stack, token: str) -> dict[str, dict[str, Measured]]:
    client = await connection.connect_when_ready(KeyRing())
    results: dict[str, dict[str, Measured]] = {}
    for clients in CLIENTS:
        floor = [await _bare_update(client) for _ in range(clients)]
        save = [await _http_save(stack.api_url, token) for _ in range(clients)]
        rounds: dict[str, list[Measured]] = {"bare update": [], "http save": []}
        for number in range(ROUNDS + 1):
            for name, operations in (("bare update", floor), ("http save", save)):
                measured = await _round(operations)
                if number:  # the first round only warms up
                    rounds[name].append(measured)
        results[f"{clients} clients"] = {name: _median(each) for name, each in rounds.items()}
    return results


async def _bare_update(client: Client) -> Operation:
    handle: WorkflowHandle[Floor, None] = await client.start_workflow(
        Floor.run, id=f"floor-{uuid4()}", task_queue=TASK_QUEUE
    )
    return lambda: handle.execute_update(UPDATE, id=uuid4().hex)


async def _http_save(address: str, token: str) -> Operation:
    http = await Connection.open(address)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    session_id = str(uuid4())
    created = json.dumps({"session_id": session_id}).encode()
    status, _ = await http.request("POST", "/v1/sessions", headers, created)
    if status != HTTPStatus.CREATED:
        raise RuntimeError("the session could not be started")
    path = f"/v1/sessions/{session_id}/stages/eventSetup"
    count = 0

    async def save() -> None:
        nonlocal count
        count += 1
        body = json.dumps({"title": f"Spring Show {count}"}).encode()
        status, answer = await http.request("PATCH", path, headers, body)
        if status != HTTPStatus.OK:
            raise RuntimeError(answer.decode())

    return save


async def _round(operations: list[Operation]) -> Measured:
    durations: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_repeat(each, durations) for each in operations))
    elapsed = time.perf_counter() - began
    cut = statistics.quantiles(durations, n=100)
    return Measured(1000 * cut[49], 1000 * cut[98], len(durations) / elapsed)


async def _repeat(operation: Operation, durations: list[float]) -> None:
    ends = time.perf_counter() + SECONDS_PER_ROUND
    while (began := time.perf_counter()) < ends:
        await operation()
        durations.append(time.perf_counter() - began)


def _median(rounds: list[Measured]) -> Measured:
    return Measured(
        *(
            statistics.median(getattr(each, name) for each in rounds)
            for name in ("p50", "p99", "rate")
        )
    )


@contextmanager
def _floor_worker() -> "Iterator[None]":
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.floor"])
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _show(results: dict[str, dict[str, Measured]]) -> None:
    table = Table("", "", "p50 ms", "p99 ms", "per second", "p50 ratio", "rate ratio")
    for clients, measured in results.items():
        floor = measured["bare update"]
        for name, each in measured.items():
            table.add_row(
                clients,
                name,
                f"{each.p50:.1f}",
                f"{each.p99:.1f}",
                f"{each.rate:.0f}",
                f"{each.p50 / floor.p50:.2f}",
                f"{each.rate / floor.rate:.2f}",
            )
    Console(stderr=True).print(table)


if __name__ == "__main__":
    with own_stack() as (running, state):
        os.environ["TEMPORAL_ADDRESS"] = running.temporal_address
        bearer = Issuer.last_opened(state.identity).token(user="bench")
        with _floor_worker():
            found = asyncio.run(main(running, bearer))
    _show(found)
    print(json.dumps({k: {n: asdict(m) for n, m in v.items()} for k, v in found.items()}))
