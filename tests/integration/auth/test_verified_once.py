"""The token of a request is verified once, whatever asks for the caller: rate limits, the route,
the stream or the assistant, and the names of members."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import Mock
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Response
from pydantic import SecretStr

import codec_server
from api.app import create_app
from api.auth import TokenVerifier
from api.auth.keys import KeySource, PublishedKeys, VerificationKey
from api.routes.copilot import AGENT
from settings import AcceptedAudience, ApiSettings, CodecSettings
from tests.integration.auth.issuer import AUDIENCE, Issuer
from tests.support.api import ID_SECRET
from tests.support.payload_keys import key

SESSION: Final = str(uuid4())
RUN: Final = {"threadId": SESSION, "runId": "1", "messages": [], "tools": [], "context": []}
CALL: Final = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
OPERATE: Final = "wizard:operate"

ROUTES: Final[dict[str, tuple[str, str, Any]]] = {
    "REST": ("GET", "/v1/sessions", None),
    "a save": ("PATCH", f"/v1/sessions/{SESSION}/stages/eventSetup", {"title": "Show"}),
    "a refused body": ("POST", "/v1/sessions", "not an object"),
    "HEAD": ("HEAD", f"/v1/sessions/{SESSION}", None),
    "the stream": ("GET", f"/v1/sessions/{SESSION}/stream", None),
    "AG-UI": ("POST", "/v1/copilot", RUN),
    "CopilotKit": ("POST", f"/v1/copilot/agent/{AGENT}/run", RUN),
    "MCP": ("POST", "/mcp", CALL),
    "uploads": ("POST", "/v1/media", {}),
    "the edge function": ("POST", "/functions/v1/wizard-session", {"op": "create"}),
}
CODEC: Final[dict[str, tuple[str, str, Any]]] = {
    "the codec server": ("POST", "/decode", {"payloads": []})
}

TOKENS: Final[dict[str, dict[str, Any]]] = {
    "valid": {},
    "in its leeway": {"exp": ...},
    "for another audience": {"aud": "another"},
}
"""The cache of verified tokens has only the first."""


@dataclass
class CountedKeys:
    """Each verification asks for its key once."""

    keys: KeySource
    asked: int = 0

    async def find(self, kid: str | None) -> VerificationKey | None:
        self.asked += 1
        return await self.keys.find(kid)


def api() -> FastAPI:
    settings = ApiSettings(
        database_api_url=SecretStr("postgresql://wizard_api@127.0.0.1:1/none"),
        id_secret=SecretStr(ID_SECRET),
        web_root="",
        **TOKEN_SETTINGS,
    )
    app = create_app(settings)
    app.state.services = None  # of Postgres and Temporal, which are asked after the token
    app.state.agent_server = Mock(response=Mock(return_value=Response()))
    return app


def codec() -> FastAPI:
    return codec_server.create_app(
        CodecSettings(
            payload_keys=SecretStr(key("k1")), operator_permission=OPERATE, **TOKEN_SETTINGS
        )
    )


TOKEN_SETTINGS: Final[dict[str, Any]] = {
    "jwt_issuer": ("https://issuer.example",),
    "jwt_audience": (AUDIENCE,),
    "jwt_jwks_url": ("https://issuer.example/jwks",),
}


@asynccontextmanager
async def calling(app: FastAPI, keys: CountedKeys, issuer: str) -> AsyncIterator[httpx.AsyncClient]:
    app.state.verifier = TokenVerifier(
        {issuer: keys}, audiences={issuer: AcceptedAudience(AUDIENCE)}
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield http


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("route", [*ROUTES, *CODEC])
async def test_a_request_verifies_its_token_once(
    issuer: Issuer, http: httpx.AsyncClient, route: str, token: str
) -> None:
    keys = CountedKeys(PublishedKeys(issuer.name, issuer.url, http))
    claims = {**TOKENS[token], "permissions": [OPERATE], "name": "Ada Lovelace"}
    if "exp" in claims:
        claims["exp"] = time.time() - 10
    method, path, body = {**ROUTES, **CODEC}[route]

    async with calling(codec() if route in CODEC else api(), keys, issuer.name) as caller:
        response = await caller.request(
            method,
            path,
            json=body,
            headers={"Authorization": f"Bearer {issuer.token(**claims)}"},
        )

    assert (response.status_code == 401) == (token == "for another audience"), response.text
    assert keys.asked == 1
    assert issuer.requests == 1
