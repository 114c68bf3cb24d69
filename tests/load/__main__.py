"""``python -m tests.load``: finds the rate that the machine takes, holds it, exceeds it.

--minutes M, --smoke. The tables are in Markdown, and the exit code is 1 if a rule is broken. Ctrl-C
and SIGTERM end everything that was started.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks.stack import PORTS_OF_A_STACK, BenchStack, bench_stack
from tests.load.report import line_of, verdict
from tests.load.rules import broken_rules
from tests.load.running import LoadRun, play
from tests.load.sizes import FULL, SMOKE, LoadSizes
from tests.support.ports import free_ports_in_a_row

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    sizes = SMOKE if options.smoke else FULL.for_minutes(options.minutes)
    # Treat SIGTERM like Ctrl-C, so that the stack is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with bench_stack(PORT_BASE=str(free_ports_in_a_row(PORTS_OF_A_STACK))) as bench:
            run = asyncio.run(_play(bench, sizes))
    except KeyboardInterrupt:
        return INTERRUPTED
    return _judged(run)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--minutes", type=float, default=5, help="how long the rate is held")
    parser.add_argument("--smoke", action="store_true", help="only check that all of it works")
    return parser.parse_args(arguments)


async def _play(bench: BenchStack, sizes: LoadSizes) -> LoadRun:
    progress = Console(stderr=True, soft_wrap=True, highlight=False)
    return await play(bench, sizes, lambda name, phase: progress.print(line_of(name, phase)))


def _judged(run: LoadRun) -> int:
    broken = broken_rules(run)
    Console(soft_wrap=True, markup=False, highlight=False).print(verdict(run, broken))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
