"""The timers of a session: until it expires, until a planned publication, until the reminder."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.session.notifications import reminder_at
    from domain.session.state import SessionState
    from domain.session.view import PublicationState
    from workflows.session.operator_page import utc


class SessionTimers:
    """Expiry and reminder are armed late: a run that is only a part of a burst does without them.

    ``remind_before_seconds`` is what the worker that wrote the read model answered last; with
    None, as before the first answer, the owner is not reminded.
    """

    def __init__(self, remind_before_seconds: int | None) -> None:
        self.remind_before_seconds = remind_before_seconds
        self.expiry = Timer("Session expires")
        self.publication = Timer("Publication is due")
        self.reminder = Timer("Reminder is due")

    def arm(self, state: SessionState) -> None:
        """Set the timers of expiry and reminder, for the rest of this run."""
        self.expiry.set(state.expires_at)
        self._set_reminder(state)

    def follow(self, state: SessionState) -> None:
        """Adapt the timers to a state that may have changed."""
        if self.expiry.is_set:
            self.expiry.set(state.expires_at if state.is_open else None)
            self._set_reminder(state)
        publication = state.publication
        is_planned = publication.state is PublicationState.SCHEDULED and state.is_open
        self.publication.set(publication.publish_at if is_planned else None)

    def remind_before(self, seconds: int | None, state: SessionState) -> None:
        self.remind_before_seconds = seconds
        if self.expiry.is_set:
            self._set_reminder(state)

    def _set_reminder(self, state: SessionState) -> None:
        if self.remind_before_seconds is None:
            self.reminder.set(None)
        else:
            self.reminder.set(reminder_at(state, timedelta(seconds=self.remind_before_seconds)))


class Timer:
    """One durable timer for one moment. Setting it to the moment it has already costs nothing.

    A ``wait_condition`` with a timeout would write a new timer to the history at every message.
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
        """A timer may fire a little early, by a server's clock or by rounding."""
        summary = f"{self._summary}: {utc(at)}"
        while at > workflow.now():
            await workflow.sleep(at - workflow.now(), summary=summary)
