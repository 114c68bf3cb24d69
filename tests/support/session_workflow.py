"""The workflow of a session, accessed directly at Temporal."""

from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Replayer

from dev.session_histories import wait_until_idle
from domain import ids
from domain.session.view import SessionView
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing
from temporal.workflow_runner import workflow_runner
from tests.support.waiting import eventually
from workflows.change_sales import ChangeSales
from workflows.stripe_event import StripeEvent
from workflows.sweep import Sweep
from workflows.ticket_order import TicketOrder
from workflows.wizard_session import WizardSession


def session_handle(client: Client, session_id: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(ids.session_workflow_id(session_id))


async def query_session(client: Client, session_id: str) -> SessionView:
    """The session's view from its workflow; needs a worker."""
    view: SessionView = await session_handle(client, session_id).query(
        ids.QUERY_SESSION, result_type=SessionView
    )
    return view


async def reset_session(
    client: Client, session_id: str, task_completed: int, *, loses_later: bool = False
) -> None:
    """Resets the newest run, as an operator does, to the completed workflow task of an event.

    Args:
        loses_later: Temporal does not send the later messages again, as it does otherwise.
    """
    lost = ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE
    described = await session_handle(client, session_id).describe()
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=described.id, run_id=described.run_id),
            reason="by an operator",
            workflow_task_finish_event_id=task_completed,
            request_id=session_id,
            reset_reapply_exclude_types=[lost] if loses_later else [],
        )
    )


async def history_sizes(client: Client, session_id: str) -> list[int]:
    """In bytes, of each run."""
    query = f'WorkflowId = "{ids.session_workflow_id(session_id)}"'
    sizes = []
    async for run in client.list_workflows(query):
        described = await client.get_workflow_handle(run.id, run_id=run.run_id).describe()
        sizes.append(described.raw_description.workflow_execution_info.history_size_bytes)
    return sizes


async def operator_page_of(client: Client, session_id: str) -> str:
    """The operator page of the session, as Markdown."""
    return await operator_page_at(session_handle(client, session_id))


async def operator_page_at(handle: WorkflowHandle[Any, Any]) -> str:
    """The operator page of any workflow."""
    metadata: WorkflowMetadata = await handle.query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return metadata.current_details


async def run_of(client: Client, session_id: str) -> str:
    """The id of the newest run."""
    return (await session_handle(client, session_id).describe()).run_id


async def new_run_after(client: Client, session_id: str, run_id: str) -> None:
    """Returns when the session has continued as new, which may follow the last change of a run
    after a moment."""

    async def has_new_run() -> bool:
        return await run_of(client, session_id) != run_id

    await eventually(has_new_run, what="a new run")


async def end_burst(client: Client, session_id: str) -> None:
    """Lets the session write its changes at once, rather than when they pause."""
    await session_handle(client, session_id).signal(ids.SIGNAL_REFRESH_READ_MODEL)


async def settle(client: Client, *session_ids: str) -> None:
    """Ends the bursts of the sessions, and returns when their durable writes are complete.

    The rows do not show this: the API writes them as well, before the sessions do. A worker that
    starts later takes over a write that is still due.
    """
    for session_id in session_ids:
        await end_burst(client, session_id)
    for session_id in session_ids:
        await wait_until_idle(client, session_id)


def replayer() -> Replayer:
    """Replays like a worker that has not cached the workflow."""
    return Replayer(
        workflows=[WizardSession, StripeEvent, TicketOrder, ChangeSales, Sweep],
        data_converter=data_converter(KeyRing()),
        workflow_runner=workflow_runner(),
    )
