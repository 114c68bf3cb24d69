"""python -m benchmarks [PART …] [--smoke]

JSON on standard output, tables on standard error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from benchmarks import report
from benchmarks.parts import saves
from benchmarks.sizes import FULL, SMOKE, Sizes
from benchmarks.stack import OwnStack, own_stack

PARTS: Final[dict[str, Callable[[OwnStack, Sizes], dict[str, Any]]]] = {"saves": saves.run}


def main(arguments: Sequence[str]) -> None:
    options = _parser().parse_args(arguments)
    sizes = SMOKE if options.smoke else FULL
    results = {}
    with own_stack() as own:
        for name in options.parts or PARTS:
            print(f"{name} …", file=sys.stderr)
            results[name] = PARTS[name](own, sizes)
    report.show(results)
    print(json.dumps(results))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="all of them unless given")
    parser.add_argument("--smoke", action="store_true", help="only see that it runs")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
