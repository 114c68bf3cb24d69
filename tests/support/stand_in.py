"""The Stripe stand-in as a separate process, its controls, and an SDK client for it."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import stripe

from tests.support.ports import free_port
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


class StandIn:
    def __init__(self, directory: Path, environment: dict[str, str] | None = None) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.control = httpx.AsyncClient(
            base_url=f"{self.url}/_stand_in", timeout=30, trust_env=False, verify=False
        )
        self._directory = directory
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Returns when the stand-in responds."""
        self._process = self._launch()
        await eventually(self._responds, what="a stand-in that responds")

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(10)

    async def close(self) -> None:
        self.stop()
        await self.control.aclose()

    def stripe(self, api_key: str = "sk_test_123") -> stripe.StripeClient:
        return stripe.StripeClient(
            api_key,
            base_addresses={"api": self.url},
            http_client=stripe.HTTPXClient(timeout=30, verify_ssl_certs=False),
            max_network_retries=0,
        )

    async def post(self, path: str, /, **body: Any) -> Any:
        response = await self.control.post(path, json=body)
        assert response.is_success, response.text
        return response.json()

    async def get(self, path: str, /, **query: str) -> Any:
        return (await self.control.get(path, params=query)).json()

    async def fail(self, kind: str, **settings: Any) -> None:
        await self.post("/faults", kind=kind, **settings)

    async def move(self, account: str, state: str, **settings: Any) -> None:
        await self.post(f"/accounts/{account}", state=state, **settings)

    def _launch(self) -> subprocess.Popen[bytes]:
        port = self.url.rpartition(":")[2]
        return subprocess.Popen(
            [sys.executable, "-m", "dev.stripe_stand_in", str(self._directory), port],
            cwd=ROOT,
            env=self._environment,
        )

    async def _responds(self) -> bool:
        assert self._process
        assert self._process.poll() is None, "the stand-in ended"
        try:
            return (await self.control.get("/health")).is_success
        except httpx.TransportError:
            return False


@asynccontextmanager
async def stand_in_process(directory: Path) -> AsyncIterator[StandIn]:
    """A stand-in that runs while the context is open."""
    stand_in = StandIn(directory)
    await stand_in.start()
    yield stand_in
    await stand_in.close()
