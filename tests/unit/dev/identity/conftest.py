"""The identity provider without a server, and an independent client library."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import httpx2
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from fastapi import FastAPI

from dev.identity.app import create_app
from dev.identity.clients import WEB_CLIENT_ID, web_client
from dev.identity.issuer import Issuer
from dev.identity.provider import Provider
from dev.identity.store import IdentityStore
from tests.unit.dev.identity.flow import Flow
from tests.unit.dev.identity.identity_browser import Browser, Clock

URL = "http://127.0.0.1:8100"
FRONT_END = "http://localhost:5173"
REDIRECT_URI = f"{FRONT_END}/signed-in"
SCOPE = "openid profile email offline_access"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """One for all tests, because a key takes time to generate."""
    return Issuer.open(tmp_path_factory.mktemp("issuer"), URL)


@pytest.fixture
def permissions() -> tuple[str, ...]:
    """Of everyone who signs in."""
    return ()


@pytest.fixture
def app(issuer: Issuer, tmp_path: Path, clock: Clock, permissions: tuple[str, ...]) -> FastAPI:
    client = web_client([f"{FRONT_END}/", "http://127.0.0.1:8000"])
    store = IdentityStore(tmp_path)
    return create_app(Provider(issuer, client, store, clock=clock, permissions=permissions))


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client


@pytest.fixture
def browser(http: httpx.AsyncClient) -> Browser:
    return Browser(http)


@pytest.fixture
async def front_end(app: FastAPI) -> AsyncIterator[AsyncOAuth2Client]:
    """Authlib's client, as a front end would configure it."""
    async with AsyncOAuth2Client(
        WEB_CLIENT_ID,
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
        transport=httpx2.ASGITransport(app),  # Authlib prefers httpx2 where it is installed
        base_url=URL,
    ) as client:
        yield client


@pytest.fixture
async def flow(browser: Browser, front_end: AsyncOAuth2Client) -> Flow:
    return await Flow.begin(browser, front_end)
