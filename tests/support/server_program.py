"""A server of another program, which ends when pytest does, even by a crash."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.support import run_until_stdin_closes

_START_TIMEOUT: Final = 30.0
_STOP_TIMEOUT: Final = 30.0
_POLL: Final = 0.02
_LOG_LINES: Final = 20


class ServerProgram:
    """Can be stopped and started again.

    Args:
        stop_signal: its name, such as ``SIGKILL``.
        user: runs as this user of the system; as ours if it is empty.
        is_ready: whether the server accepts connections.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        stop_signal: str,
        user: str,
        log: Path,
        is_ready: Callable[[], bool],
    ) -> None:
        keeper = [sys.executable, run_until_stdin_closes.__file__, stop_signal, user]
        self._command = [*keeper, *command]
        self._log = log
        self._is_ready = is_ready
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when the server is ready; does nothing if it already runs.

        Raises:
            RuntimeError: it ended, or is not ready in time; the message has the end of its log.
        """
        if self.is_running:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for pytest only
            )
        deadline = time.monotonic() + _START_TIMEOUT
        while not self._is_ready():
            if not self.is_running or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self._command[4]} did not start:\n{self._log_tail()}")
            time.sleep(_POLL)

    def stop(self) -> None:
        """Disconnects every client, and returns when the server is gone."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(_STOP_TIMEOUT)
        self._process = None

    def _log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
