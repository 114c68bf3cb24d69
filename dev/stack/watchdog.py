"""``python -m dev.stack.watchdog LOCK_FILE``: ends the components if the supervisor does not.

The supervisor starts it as the leader of a process group that every component joins. Its standard
input is a pipe whose other end only the supervisor holds, so reading it returns when the supervisor
has ended, even after ``kill -9``. The components inherited the lock: when it is free, all of them
have ended.

It is a separate module, because it is the program of a separate process and imports little.
"""

import os
import signal
import sys
from pathlib import Path

from dev.stack.file_lock import FileLock

GRACE_SECONDS = 12.0


def main() -> None:
    # Signals to the whole group must not end the watchdog early.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    # Every component stops at SIGINT; Postgres does not wait for its clients.
    os.killpg(0, signal.SIGINT)
    if not FileLock(Path(sys.argv[1])).is_free(within=GRACE_SECONDS):
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
