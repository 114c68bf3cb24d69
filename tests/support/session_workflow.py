"""The workflow of a session, reached at Temporal itself."""

from typing import Any

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle

from domain import ids
from domain.session.view import SessionView


def session_handle(client: Client, session_id: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(ids.session_workflow_id(session_id))


async def query_session(client: Client, session_id: str) -> SessionView:
    """As the workflow knows it; needs a worker."""
    view: SessionView = await session_handle(client, session_id).query(
        ids.QUERY_SESSION, result_type=SessionView
    )
    return view


async def operator_page_of(client: Client, session_id: str) -> str:
    """What operators read on the session's page, as Markdown."""
    metadata: WorkflowMetadata = await session_handle(client, session_id).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return metadata.current_details
