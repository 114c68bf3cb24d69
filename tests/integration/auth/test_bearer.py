"""The Authorization header, through a real application."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api.auth import CurrentActor, TokenVerifier
from api.live.members import MemberNames
from domain.errors import WizardError
from tests.integration.auth.issuer import Issuer


def application(verifier: TokenVerifier) -> FastAPI:
    app = FastAPI()
    app.state.verifier = verifier
    app.state.members = MemberNames()

    @app.get("/me")
    async def me(actor: CurrentActor) -> str:
        return actor.user_id

    @app.exception_handler(WizardError)
    async def answer(request: Request, error: WizardError) -> JSONResponse:
        return JSONResponse({"code": error.code, "detail": error.detail}, error.status)

    return app


@pytest.fixture
async def client(verifier: TokenVerifier) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(verifier))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
async def test_the_scheme_is_read_in_any_case(
    client: httpx.AsyncClient, issuer: Issuer, scheme: str
) -> None:
    answer = await client.get("/me", headers={"Authorization": scheme + issuer.token()})
    assert (answer.status_code, answer.json()) == (200, "ada")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "token"])
async def test_a_request_without_a_bearer_token_is_refused(
    client: httpx.AsyncClient, header: str | None
) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = await client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert "Authorization: Bearer" in answer.json()["detail"]


async def test_a_token_outside_the_header_is_ignored(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    answer = await client.get("/me", params={"access_token": issuer.token()})
    assert answer.status_code == 401


async def test_an_invalid_token_is_refused(client: httpx.AsyncClient, issuer: Issuer) -> None:
    answer = await client.get("/me", headers={"Authorization": f"Bearer {issuer.token(exp=1)}"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "The token has expired.")


async def test_an_unreachable_issuer_is_unavailable(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    issuer.answer = (500, b"", {})
    answer = await client.get("/me", headers={"Authorization": f"Bearer {issuer.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_the_api_description_names_the_scheme(verifier: TokenVerifier) -> None:
    description = application(verifier).openapi()
    schemes = description["components"]["securitySchemes"]
    assert {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}.items() <= schemes[
        "bearer"
    ].items()
    assert description["paths"]["/me"]["get"]["security"] == [{"bearer": []}]
