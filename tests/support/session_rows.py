"""The rows of a session in Postgres, compared with the session itself."""

import json
from dataclasses import dataclass
from typing import Any, Final

from temporalio.client import Client

from domain import ids
from domain.session.view import SessionView
from tests.support.postgres import Database, as_owner
from tests.support.session_workflow import query_session
from tests.support.waiting import eventually

CAUGHT_UP_WITHIN: Final = 60.0
"""Seconds. A session writes a burst of changes after 40 s at the latest."""


@dataclass(frozen=True)
class SessionRows:
    """``revisions`` and ``names`` are those of the first action of each change, in order;
    ``events`` include drafts."""

    status: str | None
    revision: int | None
    stages: dict[str, Any]
    revisions: list[int]
    names: list[str]
    events: list[tuple[str, str]]


_SESSION = """
SELECT status, revision, jsonb_build_object(
    'organizerSetup', organizer_data, 'eventSetup', event_data, 'venueSetup', venue_data,
    'ticketSetup', ticket_data, 'sponsorsMedia', sponsor_data, 'reviewPublish', review_data
) AS stages
FROM wizard_sessions WHERE session_id = $1
"""
_ACTIONS = """
SELECT revision, action_name FROM wizard_actions
WHERE session_id = $1 AND part = 0 ORDER BY revision
"""
_EVENTS = "SELECT id::text, status FROM events WHERE session_id = $1"


async def session_rows_of(database: Database, session_id: str) -> SessionRows:
    async with as_owner(database) as connection:
        session = await connection.fetchrow(_SESSION, session_id)
        actions = await connection.fetch(_ACTIONS, session_id)
        events = await connection.fetch(_EVENTS, session_id)
    return SessionRows(
        status=session["status"] if session else None,
        revision=session["revision"] if session else None,
        stages=json.loads(session["stages"]) if session else {},
        revisions=[action["revision"] for action in actions],
        names=[action["action_name"] for action in actions],
        events=[(event["id"], event["status"]) for event in events],
    )


async def complete_session_rows(
    database: Database, client: Client, session_id: str, *, within: float = CAUGHT_UP_WITHIN
) -> SessionRows:
    """The rows, once they have the revision of the session.

    Raises:
        AssertionError: rows are missing, duplicated, or differ from the session.
    """

    async def caught_up() -> tuple[SessionView, SessionRows] | None:
        view = await query_session(client, session_id)
        rows = await session_rows_of(database, session_id)
        is_current = rows.revision == view.revision and len(rows.revisions) >= view.revision
        return (view, rows) if is_current else None

    view, rows = await eventually(caught_up, within=within, what="an up-to-date read model")
    assert rows.revisions == list(range(1, view.revision + 1))
    assert rows.status == view.status.value
    assert rows.stages == {stage.value: shown.data for stage, shown in view.stages.items()}
    published = [(ids.event_id_of(session_id), "published")] if view.event_id else []
    assert rows.events == published
    return rows
