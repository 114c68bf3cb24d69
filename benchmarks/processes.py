"""CPU time that each process of the run has used, with all that it started."""

from collections.abc import Mapping
from contextlib import suppress

import psutil


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """User and system time since each process began, by its name."""
    return {name: _of_tree(pid) for name, pid in pids.items()}


def resident_bytes(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


def _of_tree(pid: int) -> float:
    """Children that have ended are in their parent's own account."""
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total
