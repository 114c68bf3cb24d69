"""The production worker, with faults: it kills itself, or an activity of it fails.

    python -m tests.support.crashing_worker

``FAULTS`` is a JSON list of objects with ``what`` (``crash`` or ``fail``) and the arguments of
``Fault``.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from typing import Final

import worker
from observability import logs
from settings import WorkerSettings, load
from tests.support.activity_faults import Fault, fail_for_good, kill_this_process

_STRIKES: Final = {"crash": kill_this_process, "fail": fail_for_good}


def faults() -> Iterator[Fault]:
    for fault in json.loads(os.environ["FAULTS"]):
        yield Fault(strike=_STRIKES[fault.pop("what")], **fault)


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(worker.run(settings, interceptors=list(faults())))


if __name__ == "__main__":
    main()
