"""Checks a scheduled publication before its time."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.publishing.scheduled_check import check_publication
    from domain.session.changes import Stamp
    from domain.session.state import SessionState, takes_payment
    from workflows.session.host import SessionHost
    from workflows.session.payments import SessionPayments
    from workflows.session.publish_saga import is_slug_taken

_LONGEST: Final = timedelta(minutes=1)
"""For each of the two calls: meanwhile the run loop takes no other step."""

_SHORTEST: Final = timedelta(seconds=1)
"""Zero would mean no limit."""


class ScheduledCheck:
    """The account is fetched by the first check only: later changes of it arrive by webhook."""

    def __init__(self, session: SessionHost, payments: SessionPayments) -> None:
        self._session = session
        self._payments = payments

    async def run(self) -> None:
        """Never raises. If the session changes meanwhile, the check is due again."""
        state = self._session.state
        if state.publication_checked is None and takes_payment(state):
            await self._payments.check_in_background(self._patience())
        state = self._session.state
        slug_taken = await self._is_slug_taken(state)
        if self._session.state is state:
            stamp = Stamp(now=workflow.now())
            self._session.accept(check_publication(state, stamp, slug_taken=slug_taken))

    async def _is_slug_taken(self, state: SessionState) -> bool:
        """False if that is not known in time: the publication checks it again."""
        try:
            return await is_slug_taken(state, self._patience())
        except ActivityError:
            return False

    def _patience(self) -> timedelta:
        """No longer than until the publication starts."""
        publish_at = self._session.state.publication.publish_at
        left = publish_at - workflow.now() if publish_at else _SHORTEST
        return max(min(left, _LONGEST), _SHORTEST)
