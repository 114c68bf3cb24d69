"""The API in the test's own process, reached over real HTTP, and clients that speak to it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import jwt
import uvicorn
from temporalio.client import Client

from api.app import create_app
from api.server import HttpProtocol
from settings import ApiSettings
from tests.support.postgres import Database

ISSUER = "https://issuer.example"
AUDIENCE = "event-wizard"
SECRET = "a-secret-that-only-tests-know-of-it"

JsonObject = dict[str, Any]
SignIn = Callable[..., httpx.AsyncClient]
"""``sign_in(user, org, **claims)`` is the browser of somebody with such a token."""


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


def settings_for(database: Database, **changed: Any) -> ApiSettings:
    known: JsonObject = {
        "database_api_url": database.api_dsn,
        "jwt_issuer": (ISSUER,),
        "jwt_audience": AUDIENCE,
        "jwt_secret": SECRET,
        "cors_origins": ("https://app.example",),
        "rate_limit": "",
        "rate_limit_per_address": "",
    }
    return ApiSettings(**{**known, **changed})


@asynccontextmanager
async def serving(settings: ApiSettings, temporal: Client) -> AsyncIterator[str]:
    """The address of an API process, for as long as the context is open."""
    config = uvicorn.Config(
        create_app(settings, temporal=temporal),
        http=HttpProtocol,
        ws="none",
        server_header=False,
        proxy_headers=False,
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    # With the protocol named, asyncio switches Nagle's algorithm off: 40 ms for each request.
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
            server.should_exit = True
            await running


@dataclass
class Wizard:
    """One person at one session: what a front end does, in the words of the design."""

    http: httpx.AsyncClient
    session_id: str

    def path(self, suffix: str = "") -> str:
        return f"/v1/sessions/{self.session_id}{suffix}"

    async def get(self, suffix: str = "", **parameters: Any) -> httpx.Response:
        return await self.http.get(self.path(suffix), params=parameters)

    async def view(self, **parameters: Any) -> JsonObject:
        response = await self.get(**parameters)
        response.raise_for_status()
        shown: JsonObject = response.json()
        return shown

    async def save(self, stage: str, data: Any, **headers: str) -> httpx.Response:
        return await self.http.patch(
            self.path(f"/stages/{stage}"), json=data, headers=_headers(headers)
        )

    async def complete(self, stage: str, data: Any = None, **headers: str) -> httpx.Response:
        body = {} if data is None else {"data": data}
        return await self.http.post(
            self.path(f"/stages/{stage}/complete"), json=body, headers=_headers(headers)
        )

    async def post(self, suffix: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.post(self.path(suffix), json=body, headers=_headers(headers))


def _headers(named: dict[str, str]) -> dict[str, str]:
    """``if_match="…"`` is the header ``If-Match``."""
    return {name.replace("_", "-"): value for name, value in named.items()}


def client_for(address: str, bearer: str | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    # Nothing here speaks TLS, and loading the certificates takes longer than most requests.
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=30, verify=False)


async def start(http: httpx.AsyncClient) -> Wizard:
    response = await http.post("/v1/sessions", json={"session_id": str(uuid4())})
    assert response.status_code == 201, response.text
    return Wizard(http, response.json()["session_id"])


@asynccontextmanager
async def untouched(wizard: Wizard) -> AsyncIterator[None]:
    """What happens within does not change the session."""
    before = await wizard.view(consistent="true")
    yield
    assert await wizard.view(consistent="true") == before


async def fill_in(wizard: Wizard, stages: Mapping[str, JsonObject]) -> JsonObject:
    """Completes the stages one after the other, and gives the last view."""
    for stage, data in stages.items():
        response = await wizard.complete(stage, data)
        assert response.status_code == 200, response.text
    shown: JsonObject = response.json()
    return shown


@asynccontextmanager
async def signing_in(address: str) -> AsyncIterator[SignIn]:
    """Opens browsers at an API process, and closes them all at the end."""
    async with AsyncExitStack() as browsers:

        def open_browser(user: str, org: str | None = None, **claims: Any) -> httpx.AsyncClient:
            opened = client_for(address, token(user, org, **claims))
            browsers.push_async_callback(opened.aclose)
            return opened

        yield open_browser
