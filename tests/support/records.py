"""What Postgres has of a session, held against the session itself."""

import json
from dataclasses import dataclass
from typing import Any

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle

from domain import ids
from domain.session.view import SessionView
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Records:
    """``revisions`` are those of the audit trail, in order; ``events`` are rows, drafts too."""

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
SELECT revision, action_name FROM wizard_actions WHERE session_id = $1 ORDER BY revision
"""
_EVENTS = "SELECT id::text, status FROM events WHERE session_id = $1"


def handle_of(client: Client, session_id: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(ids.session_workflow_id(session_id))


async def session_now(client: Client, session_id: str) -> SessionView:
    """As the workflow knows it; needs a worker."""
    view: SessionView = await handle_of(client, session_id).query(
        ids.QUERY_SESSION, result_type=SessionView
    )
    return view


async def details_of(client: Client, session_id: str) -> str:
    """What operators read on the session's page, as Markdown."""
    metadata: WorkflowMetadata = await handle_of(client, session_id).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return metadata.current_details


async def records_of(database: Database, session_id: str) -> Records:
    async with as_owner(database) as connection:
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
        )
        session = await connection.fetchrow(_SESSION, session_id)
        actions = await connection.fetch(_ACTIONS, session_id)
        events = await connection.fetch(_EVENTS, session_id)
    return Records(
        status=session["status"] if session else None,
        revision=session["revision"] if session else None,
        stages=session["stages"] if session else {},
        revisions=[each["revision"] for each in actions],
        names=[each["action_name"] for each in actions],
        events=[(each["id"], each["status"]) for each in events],
    )


async def complete_records(
    database: Database, client: Client, session_id: str, *, within: float = 20.0
) -> Records:
    """The records, once they are as new as the session.

    Raises:
        AssertionError: something is lost, or there twice.
    """

    async def caught_up() -> tuple[SessionView, Records] | None:
        view = await session_now(client, session_id)
        found = await records_of(database, session_id)
        is_new = found.revision == view.revision and len(found.revisions) >= view.revision
        return (view, found) if is_new else None

    view, found = await eventually(caught_up, within=within, what="an up-to-date read model")
    assert found.revisions == list(range(1, view.revision + 1))
    assert found.status == view.status.value
    assert found.stages == {stage.value: shown.data for stage, shown in view.stages.items()}
    published = [(ids.event_id_of(session_id), "published")] if view.event_id else []
    assert found.events == published
    return found
