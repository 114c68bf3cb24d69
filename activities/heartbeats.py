"""Signs of life of an activity that may take long."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from temporalio import activity

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
