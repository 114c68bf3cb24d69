"""Reads the processes and the databases of a stack during a run."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
import psutil
from temporalio.client import Client

from benchmarks.measuring import cpu_seconds, machine_cpu_seconds, resident_bytes
from benchmarks.stack import BenchStack

PROCESSES: Final = ("api", "worker", "temporal")
OURS: Final = ("api", "worker")
"""Whose memory and files are judged. Temporal's development server caches as much as it can."""

PAUSE: Final = 1.0
"""Seconds between two readings."""

_DATABASE: Final = """
SELECT (SELECT count(*) FROM wizard_sessions WHERE is_active) AS sessions,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
"""


@dataclass(frozen=True)
class Reading:
    """``at`` is by ``time.perf_counter``; memory is resident, in bytes, by process."""

    at: float
    memory: Mapping[str, int]
    files: Mapping[str, int]
    """Open file descriptors, connections included, by process."""
    cores_elsewhere: float
    """Cores that other processes of the machine used since the reading before."""


@dataclass(frozen=True)
class Counts:
    sessions: int
    workflows: int
    connections: int
    """To Postgres."""


class Gauges:
    """``readings`` has one for each ``PAUSE``, and one more for each phase."""

    def __init__(self, bench: BenchStack, database: asyncpg.Connection, temporal: Client) -> None:
        self.readings: list[Reading] = []
        self.database = database
        self._bench = bench
        self._temporal = temporal
        self._pids = {name: bench.stack.pids[name] for name in PROCESSES}
        self._cpu = self._cpu_now()

    async def counts(self) -> Counts:
        (counted,) = await self.database.fetch(_DATABASE)
        workflows = await self._temporal.count_workflows('ExecutionStatus="Running"')
        return Counts(counted["sessions"], workflows.count, counted["connections"])

    def between(self, begins: float, ends: float) -> list[Reading]:
        return [reading for reading in self.readings if begins <= reading.at < ends]

    async def keep_reading(self) -> None:
        while True:
            self.read()
            await asyncio.sleep(PAUSE)

    def read(self) -> None:
        before, self._cpu = self._cpu, self._cpu_now()
        seconds = max(self._cpu[0] - before[0], 1e-9)
        self.readings.append(
            Reading(
                at=time.perf_counter(),
                memory={name: resident_bytes(pid) for name, pid in self._pids.items()},
                files={name: psutil.Process(pid).num_fds() for name, pid in self._pids.items()},
                cores_elsewhere=max(0.0, (self._cpu[1] - before[1]) / seconds),
            )
        )

    def _cpu_now(self) -> tuple[float, float]:
        """The time, and the CPU seconds of all processes that are not of the run."""
        groups = {**self._bench.pids, "stripe": [self._bench.stack.pids["stripe"]]}
        return time.perf_counter(), machine_cpu_seconds() - sum(cpu_seconds(groups).values())


def median_memory(readings: Sequence[Reading], process: str) -> float:
    return statistics.median(reading.memory[process] for reading in readings)


@asynccontextmanager
async def gauges_of(bench: BenchStack) -> AsyncIterator[Gauges]:
    database = await asyncpg.connect(bench.stack.database_admin_url)
    gauges = Gauges(bench, database, await bench.temporal())
    reading = asyncio.create_task(gauges.keep_reading())
    try:
        yield gauges
    finally:
        reading.cancel()
        await database.close()
