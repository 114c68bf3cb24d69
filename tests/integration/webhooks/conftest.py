"""API processes that receive webhooks, a worker, and the Stripe stand-in that the worker calls."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, serving, settings_for
from tests.support.postgres import Database
from tests.support.stripe_events import SECRETS
from tests.support.system import System, running_api


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    async with running_api(temporal, database, stripe_webhook_secrets=SECRETS) as system:
        yield system


@pytest.fixture
def system(selling_system: System) -> System:
    return selling_system


@pytest.fixture
async def stripe(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """The client that delivers webhooks; it has no token."""
    async with client_for(api.address, None) as http:
        yield http


@pytest.fixture
async def second_address(api: System) -> AsyncIterator[str]:
    """Another API of the same system."""
    settings = settings_for(api.database, stripe_webhook_secrets=SECRETS)
    async with serving(settings, api.temporal.client) as address:
        yield address
