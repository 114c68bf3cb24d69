"""The codec server, called as the Temporal UI and the Temporal CLI call it."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from codec_server import MAX_BODY_BYTES, create_app
from domain.json_values import JsonObject
from settings import CodecSettings
from tests.support.api import AUDIENCE, ISSUER, SECRET, token
from tests.support.payload_keys import key

PERMISSION = "wizard:operate"
UI = "https://temporal.example"


def payload(data: bytes, **metadata: bytes) -> JsonObject:
    """A payload as the UI sends it: bytes in base64."""
    return {
        "metadata": {name: base64.b64encode(value).decode() for name, value in metadata.items()},
        "data": base64.b64encode(data).decode(),
    }


PLAIN = payload(b'{"name":"Ada Lovelace"}', encoding=b"json/plain")


def settings(*key_ids: str) -> CodecSettings:
    return CodecSettings(
        payload_keys=SecretStr(",".join(key(key_id) for key_id in key_ids)),
        operator_permission=PERMISSION,
        codec_cors_origins=(UI,),
        jwt_issuer=(ISSUER,),
        jwt_audience=AUDIENCE,
        jwt_secret=SecretStr(SECRET),
    )


JSON = {"Content-Type": "application/json"}


def operator(**claims: Any) -> dict[str, str]:
    bearer = token("olga", **(claims or {"permissions": [PERMISSION]}))
    return {"Authorization": f"Bearer {bearer}", "X-Namespace": "default", **JSON}


async def client_with(*key_ids: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings(*key_ids))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://codec") as http,
    ):
        yield http


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async for client in client_with("k1"):
        yield client


@pytest.fixture
async def rotated() -> AsyncIterator[httpx.AsyncClient]:
    async for client in client_with("k2"):
        yield client


async def sealed(http: httpx.AsyncClient) -> JsonObject:
    answer = await http.post("/encode", json={"payloads": [PLAIN]}, headers=operator())
    assert answer.status_code == 200, answer.text
    [encrypted] = answer.json()["payloads"]
    return dict(encrypted)


async def test_a_payload_is_encoded_and_decoded(http: httpx.AsyncClient) -> None:
    encrypted = await sealed(http)
    assert base64.b64decode(encrypted["metadata"]["encoding"]) == b"binary/encrypted"
    assert base64.b64decode(encrypted["metadata"]["encryption-key-id"]) == b"k1"
    assert b"Ada" not in base64.b64decode(encrypted["data"])

    answer = await http.post(
        "/decode", json={"payloads": [encrypted, PLAIN, encrypted]}, headers=operator()
    )

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {"payloads": [PLAIN, PLAIN, PLAIN]}


async def test_an_empty_list_is_decoded(http: httpx.AsyncClient) -> None:
    answer = await http.post("/decode", json={"payloads": []}, headers=operator())

    assert (answer.status_code, answer.json()) == (200, {})


@pytest.mark.parametrize(
    "claims",
    [
        {"permissions": ["other", PERMISSION]},
        {"org_permissions": [PERMISSION]},
        {"o": {"id": "acme", "per": f"other,{PERMISSION}"}},
    ],
)
async def test_operators_of_each_identity_provider_are_admitted(
    http: httpx.AsyncClient, claims: JsonObject
) -> None:
    answer = await http.post("/decode", json={"payloads": [PLAIN]}, headers=operator(**claims))

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/decode", "/encode"])
@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, "Bearer"),
        ({"Authorization": "Basic YTpi"}, 'Bearer error="invalid_token"'),
        ({"Authorization": "Bearer nonsense"}, 'Bearer error="invalid_token"'),
        (operator(permissions=[PERMISSION], exp=1), 'Bearer error="invalid_token"'),
        (operator(permissions=[PERMISSION], aud="other"), 'Bearer error="invalid_token"'),
    ],
)
async def test_an_invalid_token_is_refused(
    http: httpx.AsyncClient, path: str, headers: dict[str, str], challenge: str
) -> None:
    answer = await http.post(path, json={"payloads": [PLAIN]}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == challenge
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/decode", "/encode"])
@pytest.mark.parametrize(
    "claims",
    [
        {"permissions": []},
        {"permissions": ["wizard:operat"]},
        {"permissions": PERMISSION},
        {"scope": PERMISSION},
        {"org_id": "acme", "o": {"id": "acme", "per": "wizard:operate:less"}},
    ],
)
async def test_a_token_without_the_permission_is_refused(
    http: httpx.AsyncClient, path: str, claims: JsonObject
) -> None:
    answer = await http.post(path, json={"payloads": [PLAIN]}, headers=operator(**claims))

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def test_an_unauthorized_body_is_not_parsed(http: httpx.AsyncClient) -> None:
    answer = await http.post("/decode", content=b"{", headers={})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"payloads": {}}',
        b'{"payloads": [{"data": 7}]}',
        b'{"payloads": [{"data": "a"}]}',
        b"[" * 100_000,
        b'{"payloads":' * 5_000,
    ],
)
async def test_a_body_without_payloads_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/decode", content=body, headers=operator())

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/decode", content=b" " * (MAX_BODY_BYTES + 1), headers=operator())

    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_a_key_that_is_missing_is_named(
    http: httpx.AsyncClient, rotated: httpx.AsyncClient
) -> None:
    answer = await rotated.post(
        "/decode", json={"payloads": [await sealed(http)]}, headers=operator()
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "the key 'k1', which is not in PAYLOAD_KEYS" in answer.json()["detail"]


async def test_the_origin_of_the_ui_is_allowed(http: httpx.AsyncClient) -> None:
    preflight_headers = {
        "Origin": UI,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-namespace",
    }
    preflight = await http.options("/decode", headers=preflight_headers)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == UI
    assert "Access-Control-Allow-Credentials" not in preflight.headers

    for headers, status in (operator(), 200), ({}, 401):
        answer = await http.post(
            "/decode", json={"payloads": [PLAIN]}, headers={**headers, "Origin": UI}
        )
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == UI


async def test_another_origin_is_refused(http: httpx.AsyncClient) -> None:
    preflight_headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    preflight = await http.options("/decode", headers=preflight_headers)

    assert preflight.status_code == 400
    assert "Access-Control-Allow-Origin" not in preflight.headers


async def test_the_health_route_is_the_only_other_one(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).status_code == 200
    for path in ("/docs", "/openapi.json", "/decode"):
        assert (await http.get(path)).status_code in {404, 405}
