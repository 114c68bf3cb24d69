"""The API in the test's own process, and clients that call it over real HTTP."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import jwt
import uvicorn
from temporalio.client import Client

from api.app import create_app
from api.server import KEEP_ALIVE_SECONDS, HttpProtocol, Server
from domain.json_values import JsonObject
from settings import ApiSettings
from tests.support.postgres import Database

ISSUER = "https://issuer.example"
AUDIENCE = "event-wizard"
SECRET = "a-secret-that-only-tests-know-of-it"
ID_SECRET = "a-secret-for-the-ids-of-the-sessions"

_PICTURES = TemporaryDirectory(prefix="wizard-tests-pictures-")
"""Deleted when the process ends."""

SignIn = Callable[..., httpx.AsyncClient]
"""``sign_in(user, org, **claims)`` opens a client with a token for these claims."""


def token(user: str = "ada", org: str | None = None, **claims: Any) -> str:
    """A bearer token that lasts for an hour."""
    payload = {
        "sub": user,
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": int(time.time()) + 3600,
        "email": f"{user}@example.com",
        **({"org_id": org} if org else {}),
        **claims,
    }
    return jwt.encode(payload, SECRET, algorithm="HS256")


def unique_user() -> str:
    """A user id that no other test has."""
    return f"ada-{uuid4().hex[:12]}"


def settings_for(database: Database, **changed: Any) -> ApiSettings:
    defaults: JsonObject = {
        "database_api_url": database.api_dsn,
        "jwt_issuer": (ISSUER,),
        "jwt_audience": AUDIENCE,
        "jwt_secret": SECRET,
        "id_secret": ID_SECRET,
        "cors_origins": ("https://app.example",),
        "rate_limit": "",
        "rate_limit_per_address": "",
        "rate_limit_orders": "",
        "copilot_rate_limit": "",
        "copilot_warm_up": False,
        "web_root": "",
        "rate_limit_media": "",
        "media_store": Path(_PICTURES.name).as_uri(),
    }
    return ApiSettings(**{**defaults, **changed})


class _PromptServer(Server):
    """Ends at once if no request is in progress. uvicorn pauses before and after it closes the
    connections: a quarter of a second for each test that has its own API process."""

    def __init__(self, config: uvicorn.Config, before_shutdown: Callable[[], None]) -> None:
        super().__init__(config, before_shutdown)
        self._is_ending = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._is_ending.set()

    async def main_loop(self) -> None:
        ticking = asyncio.create_task(super().main_loop())
        ending = asyncio.create_task(self._is_ending.wait())
        _, pending = await asyncio.wait({ticking, ending}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if not self.server_state.tasks:
            for connection in list(self.server_state.connections):
                connection.shutdown()
            await asyncio.sleep(0)  # closed connections report their end
        if self.server_state.tasks or self.server_state.connections:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        await self.lifespan.shutdown()


@asynccontextmanager
async def serving(settings: ApiSettings, temporal: Client, *, grace: int = 2) -> AsyncIterator[str]:
    """The address of an API process, for as long as the context is open. Then it ends responses in
    progress after ``grace`` seconds."""
    app = create_app(settings, temporal=temporal)
    config = uvicorn.Config(
        app,
        http=HttpProtocol,
        ws="none",
        server_header=False,
        proxy_headers=False,
        log_config=None,
        timeout_graceful_shutdown=grace,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = _PromptServer(config, app.state.open_streams.close)
    # asyncio disables Nagle's algorithm only if the protocol is named: 40 ms for each request.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve([listening]))
        while not server.started:
            if running.done():
                await running
                raise RuntimeError("the API ended while it started")
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.end()
            await running


def client_for(address: str, bearer: str | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    # No server here uses TLS, and loading the certificates takes longer than most requests.
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=30, verify=False)


@asynccontextmanager
async def signing_in(address: str) -> AsyncIterator[SignIn]:
    """A function that opens signed-in clients of an API process; all are closed at the end."""
    async with AsyncExitStack() as browsers:

        def open_browser(user: str, org: str | None = None, **claims: Any) -> httpx.AsyncClient:
            browser = client_for(address, token(user, org, **claims))
            browsers.push_async_callback(browser.aclose)
            return browser

        yield open_browser
