"""Requests that are repeated with the same key until they have a definite answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeVar

import httpx

Answer = TypeVar("Answer")

ATTEMPT_SECONDS: Final = 20.0
"""After which a client gives up an attempt, and repeats it. Longer than the API waits itself."""

_PAUSE_SECONDS: Final = 0.3

TRY_AGAIN: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})


class NoAnswer(Exception):
    """There was none within the bound, although all faults are healed."""


@dataclass
class Ledger:
    """Counts operations. Times are of the monotonic clock."""

    tried: int = 0
    acknowledged: int = 0
    refused: int = 0
    unanswered: int = 0
    attempts: int = 0
    longest_silence: tuple[float, float] = (0.0, 0.0)
    """Seconds in which no client had any answer, and when they ended, in seconds of the run."""
    slowest: tuple[float, str] = (0.0, "")
    """Seconds from the first attempt to the answer, and the operation."""
    began: float = field(default_factory=time.monotonic)
    last_answer: float = field(default_factory=time.monotonic)

    def answered(self, operation: str, began: float) -> None:
        now = time.monotonic()
        silence = now - self.last_answer, now - self.began
        self.longest_silence = max(self.longest_silence, silence)
        self.last_answer = now
        self.slowest = max(self.slowest, (now - began, operation))


class Patience:
    """How long clients repeat: without limit during the faults, and then for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    def all_is_healed(self) -> None:
        self._until = time.monotonic() + self._seconds

    @property
    def is_over(self) -> bool:
        return self._until is not None and time.monotonic() > self._until


@dataclass
class Asker:
    """``note`` gets what each attempt was answered."""

    http: httpx.AsyncClient
    ledger: Ledger
    patience: Patience
    note: Callable[[str], None]

    async def ask(
        self, operation: str, method: str, path: str, *, waits_for_end: bool = False, **request: Any
    ) -> httpx.Response:
        """The definite answer.

        Args:
            waits_for_end: 202 is not definite: a publication or an erasure is not over.

        Raises:
            NoAnswer: there was none in time.
        """

        async def attempt() -> httpx.Response | None:
            response = await self.http.request(method, path, **request)
            self.note(f"{operation}: {response.status_code} {_said(response)}")
            again = response.status_code in TRY_AGAIN
            waits = waits_for_end and response.status_code == HTTPStatus.ACCEPTED
            return None if again or waits else response

        response = await self.repeat(operation, attempt)
        if response.is_success:
            self.ledger.acknowledged += 1
        else:
            self.ledger.refused += 1
        return response

    async def repeat(
        self, operation: str, attempt: Callable[[], Awaitable[Answer | None]]
    ) -> Answer:
        """The first result that is not None; errors of the connection are none.

        Raises:
            NoAnswer: there was none in time.
        """
        began = time.monotonic()
        self.ledger.tried += 1
        while True:
            self.ledger.attempts += 1
            try:
                answer = await attempt()
            except httpx.TransportError as error:
                self.note(f"{operation}: {type(error).__name__}")
                answer = None
            if answer is not None:
                self.ledger.answered(operation, began)
                return answer
            if self.patience.is_over:
                self.ledger.unanswered += 1
                raise NoAnswer(operation)
            await asyncio.sleep(_PAUSE_SECONDS)


def _said(response: httpx.Response) -> str:
    """What an answer says of the session, or of the error."""
    try:
        answer = response.json()
    except ValueError:
        return response.text[:80]
    if not isinstance(answer, dict):
        return ""
    named = {
        "revision": answer.get("revision"),
        "status": answer.get("status"),
        "code": answer.get("code"),
        "detail": answer.get("detail"),
    }
    replayed = " replayed" if "idempotent-replayed" in response.headers else ""
    return " ".join(f"{name}={value}" for name, value in named.items() if value) + replayed
