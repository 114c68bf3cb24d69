"""CPU time that each process of the run has used, with all that it started."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil

Pids = Mapping[str, Sequence[int]]
"""Processes by the name under which they are counted together."""


def cpu_seconds(pids: Pids) -> dict[str, float]:
    """User and system time since the processes began, by name."""
    return {name: sum(map(_cpu_seconds, several)) for name, several in pids.items()}


def busy_seconds() -> float:
    """CPU time of the whole machine."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def resident_bytes(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


def _cpu_seconds(pid: int) -> float:
    """With all that the process has started, unless it is this one: it starts the others.

    Children that have ended are in their parent's own account.
    """
    if pid == os.getpid():
        own = psutil.Process().cpu_times()
        return own.user + own.system
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total
