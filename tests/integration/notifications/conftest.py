"""A system that notifies owners, and who is notified."""

from collections.abc import AsyncIterator

import httpx
import pytest

from activities.notifications import Notifying
from tests.integration.notifications.messages import SHORT
from tests.support.api import client_for, token
from tests.support.receiver import Receiver, receiving, sending
from tests.support.system import System
from tests.support.workers import worker_for


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as each:
        yield each


@pytest.fixture
async def notifying(receiver: Receiver) -> AsyncIterator[Notifying]:
    async with sending(receiver.url) as sender:
        yield Notifying(sender, pauses=SHORT)


@pytest.fixture
async def system(api: System, notifying: Notifying) -> AsyncIterator[System]:
    async with worker_for(api, notifying=notifying):
        yield api


@pytest.fixture
async def ada(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser, also where the worker is a test's own."""
    async with client_for(api.address, token("ada")) as http:
        yield http
