"""``python -m tests.chaos``: plays one run by its seed, and judges it.

--seed N, --minutes M, --clients C. Ctrl-C and SIGTERM end everything that was started.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from tests.chaos.plan import CLIENTS
from tests.chaos.report import failure, show
from tests.chaos.running import play

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    try:
        return asyncio.run(_play(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=1, help="decides operations and faults")
    parser.add_argument("--minutes", type=float, default=2, help="how long faults happen")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="number of clients")
    return parser.parse_args(arguments)


async def _play(options: argparse.Namespace) -> int:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    progress = Console(stderr=True)

    def say(text: str) -> None:
        progress.print(text, highlight=False)

    async with play(options.seed, options.minutes * 60, say, clients=options.clients) as result:
        show(result)
    if result.violations:
        Console(soft_wrap=True, markup=False, highlight=False).print(failure(result))
    return int(bool(result.violations))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
