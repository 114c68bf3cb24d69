"""A real Temporal server for the tests, one for each pytest process.

Its workflows have virtual clocks, which only tests move. A test that must not see the workflows of
other tests gets a separate namespace on the same server.
"""

import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from pydantic import SecretStr
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from dev.stack.temporal import SERVER_SETTINGS, setting_options
from migrate import add_search_attributes
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing
from temporal.search_attributes import KEYS
from tests.support.waiting import eventually

NO_KEYS = KeyRing.parse(SecretStr(""))

_SETTINGS = {
    **SERVER_SETTINGS,
    # The server deletes histories after it has saved its progress, every 30 s by default.
    "history.transferProcessorUpdateAckInterval": '"100ms"',
    "history.visibilityProcessorUpdateAckInterval": '"100ms"',
    # The drainage status of an old version is refreshed every three minutes by default.
    "matching.wv.VersionDrainageStatusVisibilityGracePeriod": '"500ms"',
    "matching.wv.VersionDrainageStatusRefreshInterval": '"500ms"',
    "frontend.WorkflowTimeSkippingEnabled": "true",
}


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    async with temporal_server() as environment:
        yield environment


@asynccontextmanager
async def temporal_server() -> AsyncIterator[WorkflowEnvironment]:
    """A separate server, for a worker that outlives a test and would take other tests' tasks."""
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
        search_attributes=KEYS,
        dev_server_extra_args=setting_options(_SETTINGS),
    )
    async with environment:
        yield environment


async def register_namespace(client: Client, name: str) -> None:
    """Registers a namespace without our search attributes."""
    retention = Duration()
    retention.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=retention)
    )


async def end_open_workflows(client: Client) -> None:
    """Keeps workflows that a test left open from using the next test's database."""
    async for workflow in client.list_workflows('ExecutionStatus = "Running"'):
        try:
            await client.get_workflow_handle(workflow.id, run_id=workflow.run_id).terminate(
                "test is over"
            )
        except RPCError:
            continue  # closed in the meantime


async def listed(client: Client, query: str, number: int = 1) -> None:
    """Waits until Temporal lists so many workflows. The list follows a change after a moment, and
    sweeps, rebuilds and erasures read it."""

    async def are_listed() -> bool:
        return (await client.count_workflows(query)).count == number

    await eventually(are_listed, what=f"{number} of {query} in Temporal's list")


@asynccontextmanager
async def own_namespace(
    temporal: WorkflowEnvironment, keys: KeyRing = NO_KEYS
) -> AsyncIterator[WorkflowEnvironment]:
    """A new namespace, whose clocks cannot be moved. Payloads are encrypted with ``keys``."""
    name = f"test-{uuid4().hex}"
    await register_namespace(temporal.client, name)
    client = await Client.connect(
        temporal.client.service_client.config.target_host,
        namespace=name,
        data_converter=data_converter(keys),
    )
    await add_search_attributes(client)
    yield WorkflowEnvironment.from_client(client)
    await end_open_workflows(client)
