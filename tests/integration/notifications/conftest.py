"""A system that notifies owners, and the receiver of the notifications."""

from collections.abc import AsyncIterator

import pytest

from activities.notifications import Notifying
from tests.integration.notifications.outbox import SHORT
from tests.support.notification_receiver import (
    NotificationReceiver,
    running_receiver,
    running_sender,
)
from tests.support.system import System, running_worker


@pytest.fixture
async def receiver() -> AsyncIterator[NotificationReceiver]:
    async with running_receiver() as receiver:
        yield receiver


@pytest.fixture
async def notifying(receiver: NotificationReceiver) -> AsyncIterator[Notifying]:
    async with running_sender(receiver.url) as sender:
        yield Notifying(sender, pauses=SHORT)


@pytest.fixture
async def system(api: System, notifying: Notifying) -> AsyncIterator[System]:
    async with running_worker(api, notifying=notifying):
        yield api
