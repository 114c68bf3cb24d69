"""One process of the stack: how it is started, when it is ready, how it is stopped."""

import http.client
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PROBE_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Component:
    """What the supervisor has to know of a process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    needs: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    """Whether it answers; None: it runs once, and is ready when it has ended with exit code 0."""

    stop_signal: signal.Signals = signal.SIGTERM


def http_status(url: str) -> int | None:
    """The status that a GET gets; None when there is no answer. Ignores proxy settings."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends with exit code 0, and in time."""
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=PROBE_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
