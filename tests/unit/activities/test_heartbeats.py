"""When activities send heartbeats."""

import asyncio
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities import calls
from activities.calls import heartbeating


@pytest.fixture
def sent() -> list[Any]:
    """The details of all heartbeats."""
    return []


@pytest.fixture
def environment(sent: list[Any], monkeypatch: pytest.MonkeyPatch) -> ActivityEnvironment:
    monkeypatch.setattr(calls, "HEARTBEAT_INTERVAL", 0.01)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: sent.append(details)
    return environment


async def test_a_short_activity_sends_no_heartbeat(
    environment: ActivityEnvironment, sent: list[Any]
) -> None:
    async def short() -> None:
        with heartbeating("page", 1):
            await asyncio.sleep(0)

    await environment.run(short)

    assert sent == []


async def test_a_long_activity_sends_heartbeats(
    environment: ActivityEnvironment, sent: list[Any]
) -> None:
    is_sent = asyncio.Event()

    def note(*details: Any) -> None:
        sent.append(details)
        is_sent.set()

    async def long() -> None:
        with heartbeating("page", 1):
            await is_sent.wait()

    environment.on_heartbeat = note
    await environment.run(long)

    assert sent == [("page", 1)]
