"""Signals the workflows of many ids, page by page. A retry continues where the attempt ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from temporalio import activity

from activities.calls import require_running_worker

PAGE_SIZE: Final = 100

_AT_ONCE: Final = 10
"""Signals that are sent concurrently, so that a large tenant does not delay all other work."""


async def signal_all(
    ids_after: Callable[[str | None], Awaitable[list[str]]],
    signal: Callable[[str], Awaitable[bool]],
) -> int:
    """Signals the workflow of each id, and sends heartbeats.

    Args:
        ids_after: the next ``PAGE_SIZE`` ids, always in the same order; the first ones for None.
        signal: returns whether the workflow of the id was signalled.

    Returns:
        How many workflows were signalled, by earlier attempts as well.

    Raises:
        ApplicationError: the worker is stopping.
    """
    after, signalled = _progress()
    while True:
        page = await ids_after(after)
        for start in range(0, len(page), _AT_ONCE):
            require_running_worker()
            some = page[start : start + _AT_ONCE]
            signalled += sum(await asyncio.gather(*map(signal, some)))
            after = some[-1]
            activity.heartbeat(after, signalled)
        if len(page) < PAGE_SIZE:
            return signalled


def _progress() -> tuple[str | None, int]:
    """The last id that an earlier attempt has signalled, and how many it has."""
    details = activity.info().heartbeat_details
    return (details[0], details[1]) if details else (None, 0)
