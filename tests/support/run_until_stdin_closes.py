"""Runs a server until standard input is closed at its other end.

    python run_until_stdin_closes.py SIGNAL USER COMMAND…

The tests start their servers through it: when pytest ends, even by a crash, the pipe closes, and
the server gets the signal that stops it. USER may be empty.
"""

import os
import signal
import subprocess
import sys
import threading


def keep(stop_signal: signal.Signals, user: str, command: list[str]) -> int:
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, user=user or None, cwd="/")

    def stop_at_end_of_input() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        server.send_signal(stop_signal)

    threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(keep(signal.Signals[sys.argv[1]], sys.argv[2], sys.argv[3:]))
