"""Whose request a log line belongs to: bound once, and in every line of it from then on."""

import structlog

from domain import ids
from domain.actors import Actor


def note_actor(actor: Actor) -> None:
    structlog.contextvars.bind_contextvars(
        user_id=actor.user_id, organization_id=actor.organization_id
    )


def note_session(session_id: str) -> None:
    structlog.contextvars.bind_contextvars(
        session_id=session_id, workflow_id=ids.session_workflow_id(session_id)
    )
