"""Calls to many sessions, one after the other, of which some may never answer; heartbeats."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from temporalio import activity
from temporalio.client import RPCTimeoutOrCancelledError, WorkflowQueryFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from temporal.encryption.keys import PayloadUnreadable

PATIENCE: Final = 5.0
"""Seconds that one session may take to answer."""


class NotFound(Exception):
    """Temporal knows of no such workflow, or of none that is open."""


class NoAnswer(Exception):
    """Says why with a name alone: what an error says may hold what people typed."""


@asynccontextmanager
async def patiently() -> AsyncIterator[None]:
    """For one call to one session.

    Raises:
        NotFound, NoAnswer: in place of what the SDK raises. A refusal passes as it is.
    """
    try:
        async with asyncio.timeout(PATIENCE):
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
        ValueError,  # an answer of another version, which does not decode
    ) as error:
        raise NoAnswer(type(error).__name__) from error


def stop_where_the_worker_stops() -> None:
    """
    Raises:
        ApplicationError: another worker is to go on from the last sign of life.
    """
    if activity.is_worker_shutdown() or activity.is_cancelled():
        raise ApplicationError("The worker stops: another one goes on.")


EVERY: Final = 2.0
"""Seconds; the workflows' heartbeat time-outs are a few times that."""


@contextmanager
def heartbeats() -> Iterator[None]:
    """For as long as it is open. Where they stop, another worker takes over within seconds instead
    of after the longest time that an attempt may take."""
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(EVERY)
