"""Time limits, heartbeats and a stop check for activities that call workflows or Stripe.

A page of a sweep calls many workflows one after the other, and some may not respond.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from temporalio import activity
from temporalio.client import RPCTimeoutOrCancelledError, WorkflowQueryFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from temporal.encryption.keys import PayloadUnreadable

CALL_TIMEOUT: Final = 5.0
"""Seconds for one call to one workflow."""

HEARTBEAT_INTERVAL: Final = 2.0
"""Seconds. The heartbeat timeouts in the workflows are a multiple of it."""


class NotFound(Exception):
    """The workflow does not exist, or is closed."""


class NoAnswer(Exception):
    """The message is only the reason's name, because an error's text may quote entered data."""


@asynccontextmanager
async def bounded_call() -> AsyncIterator[None]:
    """Limits one call to one workflow in time.

    Raises:
        NotFound, NoAnswer: instead of the SDK's errors. A rejected update raises the SDK's error.
    """
    try:
        async with asyncio.timeout(CALL_TIMEOUT):
            yield
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotFound from error
        raise NoAnswer(error.status.name) from error
    except (
        TimeoutError,
        RPCTimeoutOrCancelledError,
        WorkflowQueryFailedError,
        PayloadUnreadable,
        ValueError,  # the response of another version cannot be decoded
    ) as error:
        raise NoAnswer(type(error).__name__) from error


@contextmanager
def heartbeating(*details: Any) -> Iterator[None]:
    """Sends heartbeats with these details until the context ends.

    If the worker dies, another one retries within seconds instead of after the activity's
    start-to-close timeout. An activity that ends within the first interval sends none: most do,
    and each heartbeat is a write of the server.
    """
    heartbeats = asyncio.create_task(_heartbeat_periodically(*details))
    try:
        yield
    finally:
        heartbeats.cancel()


async def _heartbeat_periodically(*details: Any) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_INTERVAL)
        activity.heartbeat(*details)


def require_running_worker() -> None:
    """
    Raises:
        ApplicationError: the worker is stopping; the retry continues from the last heartbeat.
    """
    if activity.is_worker_shutdown() or activity.is_cancelled():
        raise ApplicationError("The worker is stopping: another worker retries the activity.")
