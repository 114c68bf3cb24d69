"""Reminds the owner of a session, once, some time before it expires."""

from datetime import timedelta
from typing import Protocol

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.changes import Change, Stamp, remind
    from domain.notifications import reminder_at
    from domain.session import SessionState
    from workflows.alarm import Alarm


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
