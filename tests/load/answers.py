"""The answers that clients got, and which of them are as promised."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final


class Kind(StrEnum):
    """Kinds of requests, and ``SHOWN``: the time from the answer to a change until the session's
    stream shows it."""

    CREATE = "create a session"
    STREAM = "open its stream"
    SAVE = "save"
    COMPLETE = "complete a stage"
    READ = "read"
    LIST = "list"
    SHOWN = "stream shows a change"
    PUBLISH = "publish"
    ABANDON = "abandon"
    ORDER = "order a ticket"
    READ_ORDER = "read an order"


class Outcome(StrEnum):
    DONE = "done"
    BUSY = "429 or 503 with Retry-After"
    NO_RETRY_AFTER = "429 or 503 without Retry-After"
    REFUSED = "another 4xx"
    FAILED = "500 or another 5xx"
    DROPPED = "dropped connection"
    HANGING = "no answer"


BROKEN: Final = frozenset(Outcome) - {Outcome.DONE, Outcome.BUSY}
"""Not as promised, at any rate. The requests are valid, so that no other 4xx is planned."""

_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


def outcome_of(status: int, retry_after: str | None) -> Outcome:
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.DONE
    if status in _BUSY:
        return Outcome.BUSY if retry_after else Outcome.NO_RETRY_AFTER
    return Outcome.REFUSED if status < HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.FAILED


@dataclass(frozen=True)
class Answer:
    """``ended`` is by ``time.perf_counter``; ``detail`` describes an answer that is not DONE."""

    kind: Kind
    outcome: Outcome
    ended: float
    seconds: float
    detail: str = ""


@dataclass
class Ledger:
    """All answers, in the order in which they came."""

    answers: list[Answer] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        self.answers.append(answer)

    def between(self, begins: float, ends: float) -> list[Answer]:
        return [answer for answer in self.answers if begins <= answer.ended < ends]


def requests_in(answers: Iterable[Answer]) -> list[Answer]:
    """Without those of ``Kind.SHOWN``, which are no requests."""
    return [answer for answer in answers if answer.kind is not Kind.SHOWN]
