"""Checks the process of this container. Exits with 0 if it is healthy, else with 1 and the reason.

    python health_check.py api | worker | codec

It runs every few seconds, so it imports only the standard library. It checks liveness, not whether
Postgres and Temporal are available (``/readyz``): a restart of this container would not help them.
"""

import http.client
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

TIMEOUT: Final = 2.0
"""Seconds for a connection and a response."""

MAX_AGE: Final = 20.0
"""Seconds. The worker touches its file every 5 seconds."""


class Unhealthy(Exception):
    """The message is the reason, for operators."""


def check_http(port: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unhealthy(f"no response on port {port}: {error}") from error
    finally:
        connection.close()
    if status != http.client.OK:
        raise Unhealthy(f"/healthz returned {status}")


def check_file(path: str) -> None:
    try:
        age = time.time() - Path(path).stat().st_mtime
    except OSError as error:
        raise Unhealthy(f"the worker is not ready: {error}") from error
    if age > MAX_AGE:
        raise Unhealthy(f"the worker has not updated its ready file for {age:.0f} s")


CHECKS: Final[Mapping[str, Callable[[Mapping[str, str]], None]]] = {
    "api": lambda environment: check_http(environment.get("API_PORT", "8000")),
    "codec": lambda environment: check_http(environment.get("CODEC_PORT", "8200")),
    "worker": lambda environment: check_file(environment["WORKER_READY_FILE"]),
}


def main() -> None:
    check = CHECKS.get(sys.argv[-1])
    if check is None:
        sys.exit(f"usage: python health_check.py {' | '.join(CHECKS)}")
    try:
        check(os.environ)
    except Unhealthy as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
