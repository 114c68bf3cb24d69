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
from tests.chaos.plan import FaultKind, PlannedFault
from tests.chaos.stack import ChaosStack
from tests.support.waiting import eventually

_WHOLE_WITHIN_SECONDS: Final = 120.0
"""A busy machine takes this long to restart every component."""

_ORDERLY: Final = {"postgres": signal.SIGINT}
"""How a component is asked to end; others by SIGTERM."""


class Faults:
    """``done`` counts the faults by kind and target; ``log`` has each with its time."""

    def __init__(self, chaos: ChaosStack, say: Callable[[str], None]) -> None:
        self.done: Counter[tuple[FaultKind, str]] = Counter()
        self._chaos = chaos
        self._say = say
        self._frozen: list[psutil.Process] = []
        self._lasting: set[asyncio.Task[None]] = set()

    async def carry_out(self, faults: Sequence[PlannedFault]) -> None:
        """Returns when the last one has begun."""
        started = time.monotonic()
        for fault in faults:
            await asyncio.sleep(max(0.0, started + fault.at - time.monotonic()))
            if self._begin(fault):
                self.done[fault.kind, fault.target] += 1
                self._say(str(fault))

    async def heal(self) -> None:
        """Ends all faults, and returns when the stack is whole."""
        for task in self._lasting:
            task.cancel()
        await asyncio.gather(*self._lasting, return_exceptions=True)
        self.release()

        async def is_whole() -> bool:
            stack = self._chaos.bench.state.read_stack()
            running = set(stack.pids) if stack else set()
            ready = f"{self._chaos.bench.stack.api_url}/readyz"
            return running >= set(self._chaos.bench.stack.pids) and (
                await asyncio.to_thread(http_status, ready) == HTTP_OK
            )

        await eventually(is_whole, within=_WHOLE_WITHIN_SECONDS, what="the whole stack")

    def release(self) -> None:
        """Heals the proxies, and continues whatever is stopped."""
        for proxy in self._chaos.proxies.values():
            proxy.heal()
        _signal(self._frozen, signal.SIGCONT)
        self._frozen.clear()

    def _begin(self, fault: PlannedFault) -> bool:
        """False if its process is not running."""
        proxy = self._chaos.proxies.get(fault.target)
        match fault.kind:
            case FaultKind.CUT:
                assert proxy is not None
                proxy.cut()
            case FaultKind.HALF_OPEN:
                assert proxy is not None
                proxy.stall()
            case FaultKind.REFUSE:
                assert proxy is not None
                proxy.refuse()
                self._after(fault.seconds, proxy.heal)
            case FaultKind.DELAY:
                assert proxy is not None
                proxy.delay = fault.delay
                self._after(fault.seconds, proxy.heal)
            case _:
                return self._disturb_process(fault)
        return True

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
