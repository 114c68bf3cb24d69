"""Carries out the planned faults, and heals all of them."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final

import psutil

from benchmarks.stack import BenchStack
from dev.stack.component import http_status
from dev.stack.services import HTTP_OK
from tests.chaos.plan import LOG, OF_PROCESSES, FaultKind, PlannedFault
from tests.chaos.proxy import Proxy
from tests.chaos.stack import ChaosStack
from tests.sales.market import Market
from tests.support.waiting import eventually
from tests.support.wal import fill_disk_of_log

_WHOLE_WITHIN_SECONDS: Final = 240.0
"""A busy machine takes this long to restart every component."""

LOST_ANSWERS: Final = 4
"""Answers in a row that Stripe loses."""

_ORDERLY: Final = {"postgres": signal.SIGINT}
"""How a component is asked to end; others by SIGTERM."""


class FaultInjector:
    """``done`` counts the faults by kind and target; ``log`` has each with its time."""

    def __init__(self, chaos: ChaosStack, market: Market, say: Callable[[str], None]) -> None:
        self.done: Counter[tuple[FaultKind, str]] = Counter()
        self._chaos = chaos
        self._market = market
        self._say = say
        self._frozen: list[psutil.Process] = []
        self._lasting: set[asyncio.Task[None]] = set()

    async def carry_out(self, faults: Sequence[PlannedFault]) -> None:
        """Returns when the last one has begun."""
        started = time.monotonic()
        for fault in faults:
            await asyncio.sleep(max(0.0, started + fault.at - time.monotonic()))
            if await self._begin(fault):
                self.done[fault.kind, fault.target] += 1
                self._say(str(fault))

    async def heal(self) -> None:
        """Ends all faults, and returns when the stack is whole."""
        for task in self._lasting:
            task.cancel()
        await asyncio.gather(*self._lasting, return_exceptions=True)
        self.release()
        (await self._market.stand_in.delete("/faults")).raise_for_status()

        async def is_whole() -> bool:
            stack = self._chaos.bench.state.read_stack()
            running = set(stack.pids) if stack else set()
            ready = f"{self._chaos.bench.stack.api_url}/readyz"
            return running >= set(self._chaos.bench.stack.pids) and (
                await asyncio.to_thread(http_status, ready) == HTTP_OK
            )

        await eventually(is_whole, within=_WHOLE_WITHIN_SECONDS, what="the whole stack")

    def release(self) -> None:
        """Heals the proxies, frees the disk, and continues whatever is stopped."""
        if self._chaos.disk is not None:
            self._chaos.disk.free()
        for proxy in self._chaos.proxies.values():
            proxy.heal()
        _signal(self._frozen, signal.SIGCONT)
        self._frozen.clear()

    async def _begin(self, fault: PlannedFault) -> bool:
        """False if its process is not running, or Postgres has no disk of its own."""
        if fault.kind is FaultKind.LOSE_ANSWERS:
            await self._market.control(
                "/faults", kind="drop_after_effect", method="POST", times=LOST_ANSWERS
            )
        elif fault.kind is FaultKind.FULL_DISK:
            return await self._fill_disk(fault)
        elif fault.target in self._chaos.proxies and fault.kind not in OF_PROCESSES:
            self._disturb_link(fault, self._chaos.proxies[fault.target])
        else:
            return self._disturb_process(fault)
        return True

    async def _fill_disk(self, fault: PlannedFault) -> bool:
        disk = self._chaos.disk
        if disk is None:
            return False
        if fault.target == LOG:
            await fill_disk_of_log(self._market.database_dsn, disk)
        else:
            await asyncio.to_thread(disk.fill)
        self._after(fault.seconds, disk.free)
        return True

    def _disturb_link(self, fault: PlannedFault, proxy: Proxy) -> None:
        match fault.kind:
            case FaultKind.CUT:
                proxy.cut()
            case FaultKind.HALF_OPEN:
                proxy.stall()
            case FaultKind.REFUSE:
                proxy.refuse()
            case _:
                proxy.delay = fault.delay
        if fault.seconds:
            self._after(fault.seconds, proxy.heal)

    def _disturb_process(self, fault: PlannedFault) -> bool:
        process = _process(self._chaos.bench, fault.target)
        if process is None:
            return False
        match fault.kind:
            case FaultKind.KILL:
                _signal([process], signal.SIGKILL)
            case FaultKind.RESTART:
                _signal([process], _ORDERLY.get(fault.target, signal.SIGTERM))
            case _:
                self._freeze(process, fault.seconds)
        return True

    def _freeze(self, process: psutil.Process, seconds: float) -> None:
        """With its children: those of Postgres serve a connection each."""
        with suppress(psutil.NoSuchProcess):
            processes = [process, *process.children(recursive=True)]
            self._frozen += processes
            _signal(processes, signal.SIGSTOP)
            self._after(seconds, lambda: _signal(processes, signal.SIGCONT))

    def _after(self, seconds: float, end: Callable[[], None]) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            end()

        task = asyncio.create_task(wait())
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)


def _process(bench: BenchStack, name: str) -> psutil.Process | None:
    stack = bench.state.read_stack()
    pid = stack.pids.get(name) if stack else None
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid) if pid else None
    return None


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """A process that has ended is left out, even if its id is used again."""
    for process in processes:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if process.is_running():
                os.kill(process.pid, number)
