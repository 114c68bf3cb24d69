"""The checks of a scheduled publication before its time, while its owner can still correct it."""

from datetime import datetime, timedelta
from typing import Final

from domain.errors import PublishBlocked
from domain.publishing.publication import require_publishable
from domain.session.actions import ActionName
from domain.session.changes import Change, Stamp, accept
from domain.session.state import SessionState
from domain.session.view import PublicationError, PublicationState

CHECKED_AHEAD: Final = timedelta(hours=24)

PASSED: Final = "passed"
"""The ``detail`` of a ``check_publication`` without findings."""


def check_at(state: SessionState) -> datetime | None:
    """When the scheduled publication is checked; None if none is scheduled, or if the session has
    not changed since the last check."""
    publication = state.publication
    is_scheduled = state.is_open and publication.state is PublicationState.SCHEDULED
    if not is_scheduled or publication.publish_at is None:
        return None
    if state.publication_checked == state.revision:
        return None
    return publication.publish_at - CHECKED_AHEAD


def check_publication(state: SessionState, stamp: Stamp, *, slug_taken: bool) -> Change:
    """Runs the publish checks for the time of the scheduled publication.

    The error that would stop it becomes its ``error``. There is an action if that differs from the
    outcome of the last check, and the owner is notified of the first error after none.
    """
    known, found = state.publication.error, _error(state, stamp.now, slug_taken=slug_taken)
    if found == known:
        return Change(state.model_copy(update={"publication_checked": state.revision}))
    return accept(
        state,
        stamp,
        ActionName.CHECK_PUBLICATION if known else ActionName.PUBLICATION_AT_RISK,
        detail=_codes(found) if found else PASSED,
        publication=state.publication.model_copy(update={"error": found}),
        publication_checked=state.revision + 1,
    )


def _error(state: SessionState, now: datetime, *, slug_taken: bool) -> PublicationError | None:
    try:
        require_publishable(
            state,
            state.publisher or state.owner,
            now=now,
            publish_at=state.publication.publish_at,
            slug_taken=slug_taken,
        )
    except PublishBlocked as error:
        return PublicationError(code=error.code, message=error.detail, errors=error.errors)
    return None


def _codes(error: PublicationError) -> str:
    """The codes of the checks, each once."""
    return ",".join(dict.fromkeys(found.code for found in error.errors))
