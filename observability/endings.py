"""How a process that used Temporal's client ends."""

import logging
import os
import signal
import sys
from typing import NoReturn


def end_process(code: int = 0) -> NoReturn:
    """Ends now, with everything written, and successfully unless told otherwise.

    The client's native threads outlive it. One that calls into an interpreter which is being taken
    down aborts the process, seen about once in twenty runs: so the interpreter is not taken down.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def end_when_told(code: int = 0) -> None:
    """From now on SIGTERM and SIGINT end the process, until what has work to finish takes over.

    The first process of a container would not notice SIGTERM without a handler.
    """
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _number, _frame: end_process(code))
