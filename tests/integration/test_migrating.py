"""``migrate.py`` waits for its servers, and supports a Temporal without the operator service."""

import asyncio
from types import SimpleNamespace
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from db.migrate import migrate_when_ready
from migrate import SearchAttributesRefused, add_search_attributes
from temporal.search_attributes import KEYS
from tests.support.postgres import Database
from tests.support.temporal import register_namespace
from tests.support.waiting import eventually


async def test_migrate_waits_for_postgres(database: Database) -> None:
    database.server.stop()
    with capture_logs() as logs:
        migrating = asyncio.create_task(migrate_when_ready(database.admin_dsn))

        async def is_waiting() -> bool:
            return any(entry["event"] == "waiting for Postgres" for entry in logs)

        await eventually(is_waiting, what="a migration that waits")
        await asyncio.to_thread(database.server.start)

        assert await migrating == []


def without_operator_service(client: Client, namespace: str) -> Any:
    """A client that refuses the operator service, like Temporal Cloud."""

    async def refuse(_request: object) -> NoReturn:
        raise RPCError("not allowed", RPCStatusCode.PERMISSION_DENIED, b"")

    return SimpleNamespace(
        namespace=namespace,
        workflow_service=client.workflow_service,
        operator_service=SimpleNamespace(list_search_attributes=refuse),
    )


async def test_search_attributes_registered_before_are_accepted(
    temporal: WorkflowEnvironment,
) -> None:
    client = without_operator_service(temporal.client, temporal.client.namespace)

    assert await add_search_attributes(client) == []


async def test_missing_search_attributes_are_named_with_types(
    temporal: WorkflowEnvironment,
) -> None:
    name = f"bare-{uuid4().hex}"
    await register_namespace(temporal.client, name)

    with pytest.raises(SearchAttributesRefused) as refused:
        await add_search_attributes(without_operator_service(temporal.client, name))

    message = str(refused.value)
    assert all(key.name in message for key in KEYS)
    assert "WizardStatus (Keyword)" in message
    assert "WizardProgress (Int)" in message
    assert "WizardExpiresAt (Datetime)" in message
