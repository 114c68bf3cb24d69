"""Connections that stay open although nothing arrives any more."""

import time
from datetime import timedelta
from typing import Final

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from temporal.client import connect
from tests.chaos.proxy import running_proxy
from tests.support.ports import free_port
from tests.support.temporal import NO_KEYS
from tests.support.waiting import eventually

REPLACED_WITHIN: Final = 30.0
"""Seconds. With the SDK's own settings it takes 45."""


async def test_a_half_open_connection_to_temporal_is_replaced(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    target = int(temporal.client.service_client.config.target_host.rpartition(":")[2])
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
    async with running_proxy(port, target) as proxy:
        client = await connect(NO_KEYS)

        async def responds() -> bool:
            try:
                await client.count_workflows(rpc_timeout=timedelta(seconds=1))
            except RPCError:
                return False
            return True

        assert await responds()
        proxy.stall()
        stalled = time.monotonic()

        assert not await responds()
        await eventually(responds, within=90, what="a new connection")
        assert time.monotonic() - stalled < REPLACED_WITHIN
