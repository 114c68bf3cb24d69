"""A single timer for a single moment."""

import asyncio
from datetime import datetime

from temporalio import workflow

from workflows.moments import shown


class Alarm:
    """Rings once its moment has come. Setting it to the moment it has already costs nothing.

    A ``wait_condition`` with a timeout would write a new timer to the history at every message.
    """

    def __init__(self, summary: str) -> None:
        self._summary = summary
        self._at: datetime | None = None
        self._timer: asyncio.Task[None] | None = None

    @property
    def is_set(self) -> bool:
        return self._at is not None

    @property
    def rang(self) -> bool:
        return self._at is not None and self._at <= workflow.now()

    def set(self, at: datetime | None) -> None:
        if at == self._at:
            return
        self.cancel()
        self._at = at
        if at is not None and at > workflow.now():
            self._timer = asyncio.create_task(self._wait_until(at))

    def cancel(self) -> None:
        self._at = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _wait_until(self, at: datetime) -> None:
        """A timer may fire a little early, by a server's clock or by rounding."""
        summary = f"{self._summary}: {shown(at)}"
        while at > workflow.now():
            await workflow.sleep(at - workflow.now(), summary=summary)
