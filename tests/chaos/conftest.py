"""Real processes around a real Postgres and a real Temporal server."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, serving, settings_for, token
from tests.support.postgres import Database
from tests.support.processes import Processes, starting_processes


@pytest.fixture
async def processes(
    temporal: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[Processes]:
    """None yet."""
    async with starting_processes(database, temporal.client, tmp_path) as processes:
        yield processes


@pytest.fixture
async def ada(
    temporal: WorkflowEnvironment, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser, at an API process that lives as long as the test."""
    async with (
        serving(settings_for(database), temporal.client) as address,
        client_for(address, token("ada")) as http,
    ):
        yield http
