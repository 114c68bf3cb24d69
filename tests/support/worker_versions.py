"""Versions of the worker deployment, read and set as by an operator."""

from temporalio.api.enums.v1 import RoutingConfigUpdateState, WorkerDeploymentVersionStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    DescribeWorkerDeploymentVersionResponse,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from tests.support.session_workflow import session_handle
from tests.support.waiting import eventually

SET_WITHIN = 60.0
"""Seconds. Temporal informs each task queue by a workflow of its own."""

_NOT_POLLING_YET = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)


async def make_current(client: Client, build_id: str) -> None:
    """Like ``temporal worker deployment set-current-version``; returns when all queues use it."""

    async def is_set() -> bool:
        try:
            await client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace,
                    deployment_name=ids.WORKER_DEPLOYMENT,
                    build_id=build_id,
                )
            )
        except RPCError as error:
            if error.status not in _NOT_POLLING_YET:
                raise
            return False
        return True

    async def has_propagated() -> bool:
        described = await client.workflow_service.describe_worker_deployment(
            DescribeWorkerDeploymentRequest(
                namespace=client.namespace, deployment_name=ids.WORKER_DEPLOYMENT
            )
        )
        state = described.worker_deployment_info.routing_config_update_state
        return state == RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_COMPLETED

    await eventually(is_set, within=SET_WITHIN, what=f"workers of {build_id} that poll")
    await eventually(has_propagated, within=SET_WITHIN, what=f"{build_id} as the current version")


async def is_drained(client: Client, build_id: str) -> bool:
    """Whether no open workflow is pinned to the build."""
    status = (await _described(client, build_id)).worker_deployment_version_info.status
    return status == WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED


async def task_queues_of(client: Client, build_id: str) -> set[str]:
    """The task queues that the build's workers poll."""
    return {queue.name for queue in (await _described(client, build_id)).version_task_queues}


async def _described(client: Client, build_id: str) -> DescribeWorkerDeploymentVersionResponse:
    version = WorkerDeploymentVersion(ids.WORKER_DEPLOYMENT, build_id)
    return await client.workflow_service.describe_worker_deployment_version(
        DescribeWorkerDeploymentVersionRequest(
            namespace=client.namespace, deployment_version=version._to_proto()
        )
    )


async def build_of(client: Client, session_id: str) -> str:
    """The build that the session's last run is pinned to."""
    described = await session_handle(client, session_id).describe()
    info = described.raw_description.workflow_execution_info.versioning_info
    return info.deployment_version.build_id
