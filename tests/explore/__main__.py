"""``python -m tests.explore``: plays faults and messages, and checks the rules after each.

--only SCHEDULE (such as publish:offer_tier.1.1=lost+publish_event.1.1=away), --course NAME,
--faults N, --jobs N
"""

import argparse
import resource
import signal
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from tests.explore.exploring import Explorer
from tests.explore.played import Played
from tests.explore.playing import PLAYERS
from tests.explore.report import failure, show
from tests.explore.schedules import Schedule


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    explorer = Explorer(options.jobs, _tell)
    played = (
        explorer.play([options.only])
        if options.only
        else explorer.explore(options.course, options.faults)
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    show(played, time.monotonic() - started, used.ru_utime + used.ru_stime)
    return int(any(result.breaches for result in played))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.explore")
    parser.add_argument("--only", type=Schedule.parse, help="one schedule, as a report names it")
    parser.add_argument("--course", nargs="+", choices=PLAYERS, default=list(PLAYERS))
    parser.add_argument("--faults", type=int, default=2, help="the most faults of a schedule")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    return parser.parse_args(arguments)


def _tell(played: Sequence[Played], left: int) -> None:
    Console(stderr=True).print(f"{len(played)} schedules played, {left} of this round left")
    for result in played:
        if result.breaches:
            Console(soft_wrap=True, markup=False, highlight=False).print(failure(result))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
