"""python -m benchmarks [PART …] [--smoke] [--idle N] [--record]

JSON on standard output, tables on standard error.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from benchmarks import documents, machine, report
from benchmarks.parts import bursts, cold, growth, idle, lag, reference, requests, saves
from benchmarks.sizes import FULL, SMOKE, Sizes
from benchmarks.stack import OwnStack, own_stack

PARTS: Final[dict[str, Callable[[OwnStack, Sizes], dict[str, Any]]]] = {
    "saves": saves.run,
    "requests": requests.run,
    "bursts": bursts.run,
    "reference": reference.run,
    "lag": lag.run,
    "growth": growth.run,
    "cold": cold.run,
    "idle": idle.run,
}


def main(arguments: Sequence[str]) -> None:
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    sizes = SMOKE if options.smoke else FULL
    if options.idle:
        sizes = replace(sizes, idle_sessions=options.idle)
    # So that its stacks are stopped whatever ends it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results: dict[str, Any] = {"machine": machine.described()}
    try:
        with own_stack() as own:
            for name in options.parts or PARTS:
                print(f"{name} …", file=sys.stderr)
                results[name] = PARTS[name](own, sizes)
    finally:  # what was measured before something failed is worth seeing
        print(json.dumps(results), flush=True)
        report.show(results)
    if options.record:
        documents.record(results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all unless given")
    parser.add_argument("--smoke", action="store_true", help="only see that it runs")
    parser.add_argument("--idle", type=int, help="how many idle sessions there are")
    parser.add_argument("--record", action="store_true", help="renew the documents' figures")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
