"""How far a command has come, for the person who waits for it."""

import sys
import time
from typing import Final, TextIO

_WIDTH: Final = 30
_SECONDS_BETWEEN_LINES: Final = 10.0
_SECONDS_BETWEEN_DRAWINGS: Final = 0.1


class Progress:
    """A bar that is drawn over itself; where nobody looks at a terminal, a line now and then."""

    def __init__(self, what: str, total: int, *, stream: TextIO = sys.stderr) -> None:
        self._what = what
        self._total = total
        self._stream = stream
        self._in_place = stream.isatty()
        self._done = 0
        self._shown_at = 0.0
        self._show()

    def advance(self) -> None:
        self._done += 1
        pause = _SECONDS_BETWEEN_DRAWINGS if self._in_place else _SECONDS_BETWEEN_LINES
        if time.monotonic() - self._shown_at >= pause:
            self._show()

    def finish(self) -> None:
        self._show()
        if self._in_place:
            self._stream.write("\n")

    def _show(self) -> None:
        """More may be done than was counted, as more comes while it is being done."""
        self._shown_at = time.monotonic()
        total = max(self._total, self._done)
        share = self._done / total if total else 1.0
        filled = int(share * _WIDTH)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        line = f"{self._what} {bar} {share:4.0%} {self._done}/{total}"
        self._stream.write(f"\r{line}" if self._in_place else f"{line}\n")
        self._stream.flush()
