"""Whom the embedded stack's codec server gives the token of an operator."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.identity.clients import AUDIENCE
from dev.identity.issuer import Issuer
from dev.stack.codec_server import OperatorTokens

UI = "http://127.0.0.1:8233"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer.open(tmp_path, "http://127.0.0.1:8100")


async def authorization(issuer: Issuer, **headers: str) -> str | None:
    """As the codec server gets it, of a request with these headers."""

    async def echo(request: Request) -> Response:
        return JSONResponse(request.headers.get("Authorization"))

    server = Starlette(routes=[Route("/decode", echo, methods=["POST"])])
    app = OperatorTokens(server, origins=(UI,), issuer=issuer, permission="wizard:operate")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8200"
    ) as http:
        answer = await http.post("/decode", headers=headers)
    found: str | None = answer.json()
    return found


async def test_a_page_of_the_ui_gets_a_token_with_the_permission(issuer: Issuer) -> None:
    found = await authorization(issuer, Origin=UI)

    assert found is not None
    claims = issuer.claims(found.removeprefix("Bearer "), audience=AUDIENCE)
    assert claims is not None
    assert claims["permissions"] == ["wizard:operate"]
    assert claims["exp"] - claims["iat"] == 60


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": f"{UI}.evil.example"},
        {"Origin": "http://rebound.example:8200", "Host": "rebound.example:8200"},
        {"Referer": f"{UI}/namespaces/default/workflows"},
    ],
)
async def test_other_callers_get_no_token(issuer: Issuer, headers: dict[str, str]) -> None:
    assert await authorization(issuer, **headers) is None


async def test_the_token_of_a_caller_is_kept(issuer: Issuer) -> None:
    own = "Bearer of-the-caller"

    assert await authorization(issuer, Origin=UI, Authorization=own) == own
