"""Interprets a receiver's response to a message.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NamedTuple

LONGEST_WAIT: Final = timedelta(days=1)
"""The longest pause that a receiver may request."""

_WITH_RETRY_AFTER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class ReceiverAnswer(NamedTuple):
    """The result of an attempt.

    ``error`` is None if the message was accepted, else a status or the kind of error. ``is_final``
    is true if the receiver accepts no more messages. ``wait`` is the pause that it requested.
    """

    error: str | None = None
    is_final: bool = False
    wait: timedelta | None = None


def answer_of(status: int, retry_after: str | None, now: datetime) -> ReceiverAnswer:
    """Interprets a response. A redirect is a failure, because it is not followed."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return ReceiverAnswer()
    wait = _wait(retry_after, now) if status in _WITH_RETRY_AFTER else None
    return ReceiverAnswer(error=f"http_{status}", is_final=status == HTTPStatus.GONE, wait=wait)


def _wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """The pause in a Retry-After header: seconds or a date (RFC 9110, section 10.2.3)."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        seconds = float(retry_after)
    else:
        try:
            at = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WAIT.total_seconds()))
