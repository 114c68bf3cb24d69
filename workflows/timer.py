"""Durable timers of a workflow, and how times are shown to operators."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio import workflow


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


class Timer:
    """A durable timer. Setting it to the time that it has already adds nothing to the history.

    A ``wait_condition`` with a timeout would add a new timer for every message.
    """

    def __init__(self, summary: str) -> None:
        self.at: datetime | None = None
        self._summary = summary
        self._task: asyncio.Task[None] | None = None

    @property
    def is_set(self) -> bool:
        return self.at is not None

    def set(self, at: datetime | None) -> None:
        if at == self.at:
            return
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.at = at
        if at is not None and at > workflow.now():
            self._task = asyncio.create_task(self._sleep_until(at))

    async def _sleep_until(self, at: datetime) -> None:
        """Sleeps again if the timer fires early, because of the server's clock or rounding."""
        summary = f"{self._summary}: {utc(at)}"
        while at > workflow.now():
            await workflow.sleep(at - workflow.now(), summary=summary)


async def holds_within(condition: Callable[[], bool], limit: timedelta, *, summary: str) -> bool:
    """Waits until a condition holds, at most as long as a durable timer; returns whether it holds.

    ``wait_condition`` with a timeout uses ``asyncio.wait_for``, which takes fewer steps from Python
    3.12 on. So the order of the commands would depend on the version of Python (ADR 76).
    """
    timer = asyncio.create_task(workflow.sleep(limit, summary=summary))
    try:
        await workflow.wait_condition(lambda: timer.done() or condition())
    finally:
        timer.cancel()
    return condition()
