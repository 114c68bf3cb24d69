"""A namespace of Temporal for a test that needs one to itself, at the server that all share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from pydantic import SecretStr
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from migrate import add_search_attributes
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing
from tests.support.temporal import end_open_workflows

_RETENTION = Duration(seconds=24 * 60 * 60)
NO_KEYS = KeyRing.parse(SecretStr(""))


@asynccontextmanager
async def own_namespace(
    temporal: WorkflowEnvironment, keys: KeyRing = NO_KEYS
) -> AsyncIterator[WorkflowEnvironment]:
    """Its clocks cannot be moved. What is kept in it is encrypted with ``keys``."""
    name = f"test-{uuid4().hex}"
    await temporal.client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=_RETENTION)
    )
    client = await Client.connect(
        temporal.client.service_client.config.target_host,
        namespace=name,
        data_converter=data_converter(keys),
    )
    await add_search_attributes(client)
    yield WorkflowEnvironment.from_client(client)
    await end_open_workflows(client)
