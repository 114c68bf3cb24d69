"""Connects the API, the worker and the migrations to Temporal.

Address, namespace, API key and TLS come from the SDK's own environment configuration
(``TEMPORAL_ADDRESS``, ``TEMPORAL_NAMESPACE``, ``TEMPORAL_API_KEY``, ``TEMPORAL_TLS_*``), which
covers self-hosted clusters and Temporal Cloud.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from temporalio.client import Client, GrpcCompression, Plugin
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import Runtime
from temporalio.service import KeepAliveConfig

from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing
from temporal.readiness import TemporalNotReady, require_namespace, require_search_attributes

Ready = TypeVar("Ready")

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"

COMPRESSION: Final = GrpcCompression.NONE
"""Differs from the SDK's default: for messages of a few KB, compression costs more CPU, on the
server too, than it saves."""

KEEP_ALIVE: Final = KeepAliveConfig(interval_millis=12_000, timeout_millis=5_000)
"""A connection that has become half-open, such as by a router that forgot it, is replaced after at
most the sum. The server closes connections with more than one ping in ten seconds."""

_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 2.0

_log = logging.getLogger(__name__)


async def connect(
    keys: KeyRing,
    *,
    lazy: bool = False,
    runtime: Runtime | None = None,
    plugins: Sequence[Plugin] = (),
) -> Client:
    """Returns a client.

    Args:
        lazy: connect at the first call, so that a process can start while Temporal is unavailable.
        runtime: of the process's telemetry.
        plugins: of the process's telemetry.

    Raises:
        RuntimeError: Temporal is unreachable.
    """
    return await Client.connect(
        **_configured(),
        data_converter=data_converter(keys),
        grpc_compression=COMPRESSION,
        keep_alive_config=KEEP_ALIVE,
        lazy=lazy,
        runtime=runtime,
        plugins=plugins,
    )


def _configured() -> ClientConnectConfig:
    configured = ClientConfig.load_client_connect_config()
    configured.setdefault("target_host", DEFAULT_ADDRESS)
    return configured


async def connect_when_ready(
    keys: KeyRing, *, runtime: Runtime | None = None, plugins: Sequence[Plugin] = ()
) -> Client:
    """Waits without a limit for the server and its namespace, and logs the reason."""

    async def attempt() -> Client:
        client = await connect(keys, runtime=runtime, plugins=plugins)
        await require_namespace(client)
        return client

    return await _when_ready(attempt)


async def wait_for_search_attributes(client: Client) -> None:
    """Waits without a limit for ``migrate.py`` to register them, and logs the reason."""
    await _when_ready(lambda: require_search_attributes(client))


async def _when_ready(attempt: Callable[[], Awaitable[Ready]]) -> Ready:
    pause = _FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except (RuntimeError, TemporalNotReady) as error:
            _log.warning(
                "waiting for Temporal at %s: %s",
                _configured().get("target_host"),
                str(error).splitlines()[0],
            )
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
