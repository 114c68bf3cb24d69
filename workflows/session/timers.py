"""The timers of a session: one for each deadline, and the reminder before it expires."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from temporalio import workflow

from workflows.session.operator_page import shown

with workflow.unsafe.imports_passed_through():
    from domain.session.changes import Change, Stamp, remind
    from domain.session.notifications import reminder_at
    from domain.session.state import SessionState


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


class RemindingSession(Protocol):
    """What is needed of the session."""

    @property
    def state(self) -> SessionState: ...

    def accept(self, change: Change) -> None: ...


class Reminder:
    """``before_seconds`` is what the worker that wrote the read model said last; with None, as
    until then, nobody is reminded and no timer runs."""

    def __init__(self, session: RemindingSession, before_seconds: int | None) -> None:
        self.before_seconds = before_seconds
        self._session = session
        self._alarm = Alarm("Reminder is due")

    @property
    def is_due(self) -> bool:
        return self._alarm.rang

    def set(self) -> None:
        if self.before_seconds is None:
            self._alarm.set(None)
        else:
            before = timedelta(seconds=self.before_seconds)
            self._alarm.set(reminder_at(self._session.state, before))

    async def remind(self) -> None:
        self._session.accept(remind(self._session.state, Stamp(now=workflow.now())))
