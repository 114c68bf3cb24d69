"""Restores the data of an earlier revision, or of the one before the last change."""

from typing import Final

from api.sessions.client import SessionClient
from api.sessions.updates import Changed, ChangeRequest
from db.reads import SessionReads
from domain.errors import RevisionNotFound, Unavailable, WizardError
from domain.session.view import SessionView

_RECENT: Final = 100
"""Changes among which the last one of data is looked for. The others move between stages."""


async def restore_revision(
    sessions: SessionClient, reads: SessionReads, change: ChangeRequest, revision: int
) -> Changed:
    """Saves the data of the earlier revision as a new change.

    Raises:
        RevisionNotFound: the session never had the revision.
        Unavailable: the audit trail is behind.
    """
    view = await sessions.view(change.actor, change.session_id)
    sections = await reads.sections_at(change.actor, view.session_id, revision)
    if sections is None:
        view = await sessions.view(change.actor, change.session_id, consistent=True)
        raise _missing_revision(view, revision)
    return await sessions.restore(change, revision, sections)


async def undo_last(
    sessions: SessionClient, reads: SessionReads, change: ChangeRequest, revision: int
) -> Changed:
    """Restores the data as it was before the last change of data up to a revision.

    Raises:
        RevisionNotFound: there is no such change.
        Unavailable: the audit trail is behind.
    """
    view = await sessions.view(change.actor, change.session_id)
    page = await reads.action_summaries(change.actor, view.session_id, limit=_RECENT, cursor=None)
    newest = max((action.revision for action in page.items), default=0)
    if newest < revision:
        view = await sessions.view(change.actor, change.session_id, consistent=True)
        raise _missing_revision(view, revision)
    changed = [
        action.revision
        for action in page.items
        if action.changed_sections and action.revision <= revision
    ]
    if not changed:
        raise RevisionNotFound("There is no change to undo.")
    return await restore_revision(sessions, reads, change, max(changed) - 1)


def _missing_revision(view: SessionView, revision: int) -> WizardError:
    """A revision that exists may be missing for a moment, until its action is written."""
    if revision > view.revision:
        return RevisionNotFound(f"The session is at revision {view.revision}.")
    return Unavailable("The audit trail is not up to date yet. Try again in a moment.")
