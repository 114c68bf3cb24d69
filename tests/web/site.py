"""The system as people reach it: the API with the built front end, the worker, the identity
provider and the Stripe stand-in, each a process that a test may kill."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from temporalio.client import Client

from dev.identity.clients import AUDIENCE, JWKS_PATH, WEB_CLIENT_ID
from payments.event_types import SUBSCRIBED_SNAPSHOTS, SUBSCRIBED_THIN
from tests.support.ports import free_port
from tests.support.postgres import Database
from tests.support.processes import Process, Processes, running_processes
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

ROOT: Final = Path(__file__).parents[2]
WEB_ROOT: Final = ROOT / "web" / "dist"

WEBHOOK_SECRET: Final = "whsec_of_the_tests_in_a_browser"


class Site:
    """``url`` is the address of the front end, which is that of the API."""

    def __init__(
        self,
        processes: Processes,
        port: int,
        identity: str,
        stand_in: StandIn,
        temporal: Client,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.identity = identity
        self.stand_in = stand_in
        self.temporal = temporal
        self._processes = processes
        self._port = port
        self._api: Process | None = None
        self._worker: Process | None = None

    @property
    def hosts(self) -> set[str]:
        """Hosts that the front end may call: its own, and the issuer."""
        return {self.url.partition("//")[2], self.identity.partition("//")[2]}

    async def start_api(self) -> None:
        if self._api is not None and self._api.exit_code is None:
            return
        self._api, _ = await self._processes.api(
            API_PORT=str(self._port),
            WEB_ROOT=str(WEB_ROOT),
            PUBLIC_URL=self.url,
            STRIPE_WEBHOOK_SECRETS=WEBHOOK_SECRET,
        )

    async def start_worker(self) -> None:
        if self._worker is not None and self._worker.exit_code is None:
            return
        self._worker = await self._processes.worker()

    def kill_api(self) -> None:
        assert self._api is not None
        self._api.kill()

    def kill_worker(self) -> None:
        assert self._worker is not None
        self._worker.kill()


@asynccontextmanager
async def running_site(
    database: Database, temporal: Client, directory: Path, **identity: str
) -> AsyncIterator[Site]:
    """``identity``: the environment of the provider, such as lifetimes of tokens."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    stand_in = StandIn(directory / "stripe", {"STRIPE_STAND_IN_WEBHOOKS": json.dumps(_hooks(url))})
    await stand_in.start()
    async with _provider(directory / "identity", url, identity) as issuer:
        settings = {
            "JWT_ISSUER": issuer,
            "JWT_AUDIENCE": AUDIENCE,
            "JWT_JWKS_URL": f"{issuer}{JWKS_PATH}",
            "WEB_CLIENT_ID": WEB_CLIENT_ID,
            "STRIPE_API_KEY": "sk_test_tests",
            "STRIPE_API_BASE": stand_in.url,
            "MEDIA_STORE": (directory / "media").as_uri(),
            **dict.fromkeys(("RATE_LIMIT_ORDERS", "RATE_LIMIT_MEDIA"), ""),
        }
        async with running_processes(database, temporal, directory, settings) as processes:
            site = Site(processes, port, issuer, stand_in, temporal)
            await site.start_api()
            await site.start_worker()
            yield site
    await stand_in.close()


def _hooks(url: str) -> list[dict[str, Any]]:
    """As an operator subscribes to Stripe's events."""
    hook = {"url": f"{url}/v1/webhooks/stripe", "secret": WEBHOOK_SECRET}
    return [
        {**hook, "connect": True, "payload": "thin", "enabled_events": SUBSCRIBED_THIN},
        {**hook, "connect": True, "payload": "snapshot", "enabled_events": SUBSCRIBED_SNAPSHOTS},
    ]


@asynccontextmanager
async def _provider(
    directory: Path, front_end: str, environment: dict[str, str]
) -> AsyncIterator[str]:
    """The address of the identity provider."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    settings = {"IDENTITY_ORIGINS": front_end, **environment}
    process = _launched(["dev.identity", str(directory), str(port)], settings)

    async def responds() -> bool:
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                return (await http.get(f"{issuer}{JWKS_PATH}")).is_success
            except httpx.TransportError:
                return False

    await eventually(responds, what="an identity provider that responds")
    try:
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def _launched(module: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *module], cwd=ROOT, env={**os.environ, **environment}
    )
