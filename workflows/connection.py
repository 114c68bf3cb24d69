"""The connection to Temporal that gateway, worker and migrations share.

Addresses, namespace, API key and TLS come from the SDK's own environment configuration
(``TEMPORAL_ADDRESS``, ``TEMPORAL_NAMESPACE``, ``TEMPORAL_API_KEY``, ``TEMPORAL_TLS_*``), so that
any cluster and Temporal Cloud are a matter of settings.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from temporalio.client import Client, Plugin
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime

from encryption.converter import data_converter
from encryption.keys import KeyRing

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"

_LONGEST_PAUSE: Final = 5.0

_log = logging.getLogger(__name__)


async def connect(
    keys: KeyRing,
    *,
    lazy: bool = False,
    runtime: Runtime | None = None,
    plugins: Sequence[Plugin] = (),
) -> Client:
    """With ``lazy`` the first call connects, so that a process starts while Temporal is away.

    ``runtime`` and ``plugins`` are those of the process's telemetry.
    """
    configured = ClientConfig.load_client_connect_config()
    configured.setdefault("target_host", DEFAULT_ADDRESS)
    return await Client.connect(
        **configured,
        data_converter=data_converter(keys),
        lazy=lazy,
        runtime=runtime,
        plugins=plugins,
    )


async def connect_when_ready(
    keys: KeyRing,
    patience: float = 60.0,
    *,
    runtime: Runtime | None = None,
    plugins: Sequence[Plugin] = (),
) -> Client:
    """Tries for so many seconds.

    Raises:
        RuntimeError: Temporal was not reached in that time.
    """
    pause, waited = 0.25, 0.0
    while True:
        try:
            return await connect(keys, runtime=runtime, plugins=plugins)
        except RuntimeError as error:
            if waited >= patience:
                raise
            _log.warning("waiting for Temporal: %s", str(error).splitlines()[0])
        await asyncio.sleep(pause)
        waited += pause
        pause = min(2 * pause, _LONGEST_PAUSE)
