"""Runs the publish checks on a session, for everyone who shows them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from api.sessions.client import SessionClient
from db.reads import SessionReads
from domain.actors import Actor
from domain.publishing.dry_run import checks_of, chosen_slug
from domain.session.view import SessionView
from domain.validation.check_codes import Check, Severity


@dataclass(frozen=True)
class CheckedSession:
    view: SessionView
    checks: list[Check]

    @property
    def is_ready(self) -> bool:
        """Whether no check blocks publishing."""
        return not any(check.severity is Severity.BLOCK for check in self.checks)


async def run_checks(
    sessions: SessionClient,
    reads: SessionReads,
    actor: Actor,
    session_id: str,
    *,
    consistent: bool = False,
) -> CheckedSession:
    """
    Raises:
        SessionNotFound, SessionLost, Unavailable: as :meth:`SessionClient.view`.
    """
    view = await sessions.view(actor, session_id, consistent=consistent)
    return CheckedSession(view, await checks_of_view(reads, view, actor, datetime.now(UTC)))


async def checks_of_view(
    reads: SessionReads, view: SessionView, actor: Actor, now: datetime
) -> list[Check]:
    """The findings now, or at the time for which the publication is scheduled."""
    slug = chosen_slug(view)
    taken = slug is not None and await reads.is_slug_taken(slug, except_session=view.session_id)
    return checks_of(view, actor, now=now, slug_taken=taken)
