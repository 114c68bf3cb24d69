"""The timers of a session: expiry, scheduled publication and its check, reminder."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.publishing.scheduled_check import check_at
    from domain.session.notifications import reminder_at
    from domain.session.state import SessionState
    from domain.session.view import PublicationState
    from workflows.timer import Timer


class SessionTimers:
    """Only the timer of the publication starts at once: a run within a burst needs no other.

    ``remind_before_seconds`` is the result of the latest write to the read model. With None, as
    before the first write, there is no reminder.
    """

    def __init__(self, remind_before_seconds: int | None) -> None:
        self.remind_before_seconds = remind_before_seconds
        self.expiry = Timer("Session expires")
        self.publication = Timer("Publication is due")
        self.check = Timer("Scheduled publication is checked")
        self.reminder = Timer("Reminder is due")

    def arm(self, state: SessionState) -> None:
        """Starts the timers of expiry, check and reminder, for the rest of this run."""
        self.expiry.set(state.expires_at)
        self._set_check(state)
        self._set_reminder(state)

    def follow(self, state: SessionState) -> None:
        """Adjusts the timers to a state that may have changed."""
        if self.expiry.is_set:
            self.expiry.set(state.expires_at if state.is_open else None)
            self._set_check(state)
            self._set_reminder(state)
        publication = state.publication
        is_planned = publication.state is PublicationState.SCHEDULED and state.is_open
        self.publication.set(publication.publish_at if is_planned else None)

    def remind_before(self, seconds: int | None, state: SessionState) -> None:
        self.remind_before_seconds = seconds
        if self.expiry.is_set:
            self._set_reminder(state)

    def _set_check(self, state: SessionState) -> None:
        at = check_at(state)
        has_checks = at is not None and workflow.patched(ids.PATCH_SCHEDULED_CHECKS)
        self.check.set(at if has_checks else None)

    def _set_reminder(self, state: SessionState) -> None:
        if self.remind_before_seconds is None:
            self.reminder.set(None)
        else:
            self.reminder.set(reminder_at(state, timedelta(seconds=self.remind_before_seconds)))
