"""Erases one session: terminates its workflow, then deletes its records and its history."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from domain.session.erasure import Erasure
from temporal.failures import LOST_STATUSES

if TYPE_CHECKING:
    from db.erasures import Erasures

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 1.0
"""Seconds between two questions to Temporal, which may take minutes to delete a history."""


class _Execution(NamedTuple):
    workflow_id: str
    run_id: str


class ErasureActivities:
    def __init__(self, erasures: "Erasures", client: Client) -> None:
        self._erasures = erasures
        self._client = client

    @activity.defn
    async def end_session(self, session_id: str) -> None:
        """Terminates the workflow if it is open."""
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        try:
            await handle.terminate("erased")
        except RPCError as error:
            _raise_unless_not_found(error)

    @activity.defn
    async def erase_records(self, erasure: Erasure) -> None:
        await self._erasures.erase(erasure)

    @activity.defn
    async def delete_history(self, session_id: str) -> None:
        """Deletes every run."""
        await self._delete_all(lambda: self._runs(ids.session_workflow_id(session_id)))

    @activity.defn
    async def delete_order_histories(self, session_id: str) -> None:
        """Deletes the histories of all ended orders of the session's event. Those of open orders
        stay: they have a payment to settle."""
        query = (
            f'{ids.SEARCH_ORDER_EVENT_ID} = "{ids.event_id_of(session_id)}" '
            'AND ExecutionStatus != "Running"'
        )
        await self._delete_all(lambda: self._listed(query))

    async def _delete_all(self, found: Callable[[], Awaitable[set[_Execution]]]) -> None:
        """Requests each deletion once. Returns when nothing is found any more: the server deletes
        in the background."""
        requested: set[_Execution] = set()
        pause = _FIRST_PAUSE
        while runs := await found():
            for run in runs - requested:
                await self._delete(run)
                activity.heartbeat()
            requested |= runs
            activity.heartbeat()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _runs(self, workflow_id: str) -> set[_Execution]:
        """The listed runs, and the latest run, which may not be listed yet."""
        found = await self._listed(f'WorkflowId = "{workflow_id}"')
        try:
            last = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            _raise_unless_not_found(error)
        else:
            found.add(_Execution(workflow_id, last.run_id))
        return found

    async def _listed(self, query: str) -> set[_Execution]:
        listed = self._client.list_workflows(query)
        return {_Execution(execution.id, execution.run_id) async for execution in listed}

    async def _delete(self, run: _Execution) -> None:
        try:
            await self._client.workflow_service.delete_workflow_execution(
                DeleteWorkflowExecutionRequest(
                    namespace=self._client.namespace,
                    workflow_execution=WorkflowExecution(
                        workflow_id=run.workflow_id, run_id=run.run_id
                    ),
                )
            )
        except RPCError as error:
            _raise_unless_not_found(error)


async def start_erasure(client: Client, erasure: Erasure) -> str:
    """Starts an erasure, or joins a running one. Returns the workflow's id."""
    workflow_id = ids.erasure_workflow_id(erasure.session_id)
    await client.start_workflow(
        ids.WIZARD_ERASE_SESSION,
        erasure,
        id=workflow_id,
        task_queue=ids.TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Erase a session",
    )
    return workflow_id


async def is_being_erased(client: Client, session_id: str, *, rpc_timeout: timedelta) -> bool:
    """Whether an erasure of the session has begun, and has not been ended by an operator.

    Raises:
        RPCError: Temporal does not respond.
    """
    handle = client.get_workflow_handle(ids.erasure_workflow_id(session_id))
    try:
        described = await handle.describe(rpc_timeout=rpc_timeout)
    except RPCError as error:
        _raise_unless_not_found(error)
        return False
    return described.status not in LOST_STATUSES


def _raise_unless_not_found(error: RPCError) -> None:
    if error.status is not RPCStatusCode.NOT_FOUND:
        raise error
