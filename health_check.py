"""Whether a process of this container is well: exit code 0, or 1 and a line that says why not.

    python health_check.py api | worker | codec

Asked every few seconds, so it loads nothing but the standard library. It tells whether the process
works, not whether what it needs is there: /readyz does, and no restart would bring that back.
"""

import http.client
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

TIMEOUT: Final = 2.0
MAX_AGE: Final = 20.0
"""Seconds. The worker touches its file every five."""


class Unwell(Exception):
    """The message is for people."""


def check_http(port: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unwell(f"no answer on port {port}: {error}") from error
    finally:
        connection.close()
    if status != http.client.OK:
        raise Unwell(f"/healthz answers {status}")


def check_file(path: str) -> None:
    try:
        age = time.time() - Path(path).stat().st_mtime
    except OSError as error:
        raise Unwell(f"the worker does not take tasks yet: {error}") from error
    if age > MAX_AGE:
        raise Unwell(f"the worker has not shown itself for {age:.0f} s")


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
    except Unwell as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
