"""Ends what the supervisor leaves behind, however the supervisor ends.

Started by the supervisor as the leader of a process group that every component joins. Its
standard input is a pipe of which only the supervisor holds the other end, so reading it returns
when the supervisor is gone, even after ``kill -9``.

    python -m dev.watchdog LOCK_FILE

The components inherited the lock: when it is free, all of them have ended.
"""

import os
import signal
import sys
from pathlib import Path

from dev.stack.state import FileLock

GRACE_SECONDS = 12.0


def main() -> None:
    # What goes to the whole group must not end the watchdog before its work is done.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    # Every component understands Ctrl-C; to Postgres it means: without waiting for clients.
    os.killpg(0, signal.SIGINT)
    if not FileLock(Path(sys.argv[1])).is_free(within=GRACE_SECONDS):
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
