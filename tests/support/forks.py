"""Processes forked from one that has imported the code.

Importing it takes a second and a half of CPU time, and a test of crashes starts a process for each
moment of a crash. Tests in ``tests/e2e`` start the same processes by their commands.
"""

import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Final

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["worker", "api.app", "api.server", "migrate", "tests.support.activity_faults"]
)


class Fork:
    """``python -m module``, with the methods of ``subprocess.Popen`` that tests use."""

    def __init__(self, module: str, environment: Mapping[str, str], log: Path) -> None:
        self._process = _CONTEXT.Process(
            target=_run, args=(module, dict(environment), str(log)), daemon=True
        )
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise TimeoutExpired(self._process.name, timeout)
        return code

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _run(module: str, environment: Mapping[str, str], log: str) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
