"""A Temporal server with its database in a file, which tests read."""

import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from dev.stack.temporal import SERVER_SETTINGS, setting_options
from temporal.search_attributes import KEYS
from tests.integration.encryption.deployments import Deployments
from tests.support.postgres import Database


@pytest.fixture
async def deployments(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Deployments]:
    directory = tmp_path / "temporal"
    directory.mkdir()
    server = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_database_filename=str(directory / "temporal.db"),
        dev_server_log_level="error",
        dev_server_extra_args=[
            *setting_options(SERVER_SETTINGS),
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
        ],
        search_attributes=KEYS,
    )
    async with server:
        address = server.client.service_client.config.target_host
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
        yield Deployments(server.client, database, directory)
