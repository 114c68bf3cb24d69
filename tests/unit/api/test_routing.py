"""Every route as RFC 9110 has it: HEAD, OPTIONS, ``Allow``, media types, and query parameters."""

import json
from collections.abc import AsyncIterator, Iterator
from math import inf
from typing import Any
from unittest.mock import AsyncMock, Mock

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.auth import Identity, TokenVerifier
from api.deps import Services
from api.openapi import openapi_document
from domain.actors import Actor
from settings import ApiSettings
from tests.support.api import AUDIENCE, ID_SECRET, ISSUER, SECRET
from tests.support.problem_documents import assert_problem, error_places

SETTINGS = ApiSettings(
    database_api_url="postgresql://wizard_api@127.0.0.1:1/none",
    jwt_issuer=(ISSUER,),
    jwt_audience=AUDIENCE,
    jwt_secret=SECRET,
    id_secret=ID_SECRET,
    cors_origins=("https://app.example",),
    rate_limit="",
    rate_limit_per_address="",
    rate_limit_orders="",
    web_root="",
)
APP = create_app(SETTINGS)
APP.state.services = None
APP.state.verifier = AsyncMock(spec=TokenVerifier)
APP.state.verifier.identify.return_value = Identity(Actor(user_id="ada"), None, expires_at=inf)
DOCUMENT = openapi_document(APP)

PLACES = {
    "session_id": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d",
    "event_id": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d",
    "order_id": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d",
    "thread_id": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d",
    "stage": "eventSetup",
    "slug": "spring-show",
    "name": "page.css",
}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PROBES = {"/readyz", "/metrics"}
"""They ask dependencies, which this application does not have."""

ROUTES: dict[str, set[str]] = {}
for context in iter_route_contexts(APP.routes):
    assert context.path_format is not None
    ROUTES.setdefault(context.path_format, set()).update(context.methods or ())


def filled(path: str) -> str:
    return path.format_map(PLACES)


def json_operations() -> list[tuple[str, str]]:
    return [
        (method, path)
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


def operations_without_a_body() -> list[tuple[str, str]]:
    return [
        (method, path)
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if method != "get" and "requestBody" not in operation
    ]


@pytest.fixture
def serving() -> Iterator[None]:
    """The database is there; the services do nothing."""
    APP.state.services = Mock(spec=Services)
    yield
    APP.state.services = None


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in client of an API whose database is not there yet, without ``serving``."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(APP),
        base_url="http://api",
        headers={"Authorization": "Bearer token"},
    ) as client:
        yield client


@pytest.mark.parametrize("path", ROUTES)
async def test_options_lists_the_methods_of_every_route(http: httpx.AsyncClient, path: str) -> None:
    response = await http.options(filled(path))

    assert response.status_code == 200
    assert response.content == b""
    allowed = response.headers["Allow"].split(", ")
    assert allowed == sorted(allowed)
    assert {"OPTIONS", *ROUTES[path]} <= set(allowed)
    assert ("HEAD" in allowed) is ("GET" in allowed)


@pytest.mark.parametrize("path", ROUTES)
async def test_another_method_is_refused_with_the_same_list(
    http: httpx.AsyncClient, path: str
) -> None:
    options = await http.options(filled(path))

    response = await http.put(filled(path))

    assert response.status_code == 405
    assert response.headers["Allow"] == options.headers["Allow"]


async def test_methods_of_one_path_in_several_routers_are_one_list(
    http: httpx.AsyncClient,
) -> None:
    session = await http.options(filled("/v1/sessions/{session_id}"))
    stage = await http.options(filled("/v1/sessions/{session_id}/stages/{stage}"))

    assert session.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert stage.headers["Allow"] == "OPTIONS, PATCH"
    assert "application/merge-patch+json" in stage.headers["Accept-Patch"]
    assert "Accept-Patch" not in session.headers


async def test_options_of_an_unknown_path_is_not_found(http: httpx.AsyncClient) -> None:
    assert_problem(await http.options("/v1/nowhere"), 404, "not_found")


@pytest.mark.parametrize(
    "path", [path for path in ROUTES if "GET" in ROUTES[path] and path not in PROBES]
)
async def test_head_has_status_and_headers_of_get(http: httpx.AsyncClient, path: str) -> None:
    got = await http.get(filled(path))

    head = await http.head(filled(path))

    assert head.status_code == got.status_code
    for response in (got, head):
        del response.headers["X-Request-Id"]
    assert head.headers == got.headers


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(("method", "path"), json_operations())
async def test_a_body_that_is_not_json_is_refused_by_its_type(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    for headers in (
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
    ):
        response = await http.request(method, filled(path), content=b"{}", headers=headers)
        assert response.status_code == 415, headers
        assert response.json()["code"] == "unsupported_media_type"
        assert "Accept-Encoding" not in response.headers
        patches = method == "patch"
        assert response.headers["Accept-Patch" if patches else "Accept"].startswith(
            "application/json"
        )
        assert ("Accept" if patches else "Accept-Patch") not in response.headers


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(("method", "path"), json_operations())
async def test_a_compressed_body_is_refused(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "identity, gzip"}

    response = await http.request(method, filled(path), content=b"{}", headers=headers)

    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(("method", "path"), operations_without_a_body())
async def test_a_route_without_a_body_refuses_one(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    form = await http.request(method, filled(path), content=b"x=1", headers=FORM)
    member = await http.request(method, filled(path), json={"tier_id": "tier-1"})
    listed = await http.request(method, filled(path), json=["tier-1"])

    assert_problem(form, 415, "unsupported_media_type")
    for response, place in (
        (member, ("/tier_id", "unknown_field")),
        (listed, ("", "invalid_type")),
    ):
        assert error_places(assert_problem(response, 422, "invalid_request")) == [place]


@pytest.mark.parametrize(("method", "path"), operations_without_a_body())
@pytest.mark.parametrize("content", [b"", b"{}", b"null"], ids=repr)
async def test_a_route_without_a_body_takes_an_empty_one(
    http: httpx.AsyncClient, method: str, path: str, content: bytes
) -> None:
    response = await http.request(method, filled(path), content=content, headers=JSON)

    assert_problem(response, 503, "unavailable")  # it got as far as the services


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "Application/JSON; charset=utf-8"},
        {"Content-Type": "application/merge-patch+json"},
        {"Content-Type": "application/json", "Content-Encoding": "identity"},
    ],
    ids=str,
)
async def test_the_media_types_of_a_patch_are_read(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    path = filled("/v1/sessions/{session_id}/stages/{stage}")

    response = await http.patch(path, content=b"{}", headers=headers)

    assert_problem(response, 503, "unavailable")  # it got as far as the services


@pytest.mark.parametrize("path", [path for path in DOCUMENT["paths"] if path.startswith("/v1/")])
async def test_an_unknown_query_parameter_is_refused(http: httpx.AsyncClient, path: str) -> None:
    for method, operation in DOCUMENT["paths"][path].items():
        known = [
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        ]
        response = await http.request(method, filled(path), params={"stats": "completed"})

        problem = assert_problem(response, 422, "invalid_request")
        assert error_places(problem) == [("/query/stats", "unknown_field")]
        assert problem["errors"][0]["params"].get("known", []) == known
        for name in known:
            assert name in problem["detail"]


async def test_a_page_ignores_the_parameters_of_others(http: httpx.AsyncClient) -> None:
    response = await http.get("/?utm_source=letter")

    assert response.status_code == 200


async def test_a_stranger_is_asked_for_a_token_first() -> None:
    app = create_app(SETTINGS)
    app.state.services = None
    app.state.verifier = AsyncMock(spec=TokenVerifier)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://api"
    ) as stranger:
        refused = [
            await stranger.get("/v1/sessions?stats=completed"),
            await stranger.post("/v1/sessions", content=b"{}"),
            await stranger.post("/v1/sessions", content=b"{", headers=JSON),
        ]

    for response in refused:
        assert_problem(response, 401, "unauthenticated")


BODIES = {
    "through a model": ("POST", "/v1/public/events/spring-show/orders"),
    "as it is": ("POST", f"/v1/sessions/{PLACES['session_id']}/stages/eventSetup/complete"),
}


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize("operation", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize(
    ("body", "place", "said"),
    [
        (b'{"data": {"title": "\\ud83d"}}', "/data/title", "unpaired surrogate"),
        (b'{"data": ["a", "x\\udc00"]}', "/data/1", "unpaired surrogate"),
        (b'"\\ud800"', "", "unpaired surrogate"),
        (b'{"\\ud800": 1}', "/\ufffd", "Field names"),
        (b'{"data": 1,}', "", "line 1, column 12"),
        (b'{\n"data": NaN}', "", "line 2, column 9"),
        (b'{"data": "\xff"}', "", "UTF-8"),
        ('{"data": 1}'.encode("utf-16"), "", "UTF-8"),
        (b"[" * 100_000, "", "nested too deeply"),
        (b'{"data": ' + b"9" * 5_000 + b"}", "", "too many digits"),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_a_broken_body_is_refused_with_its_place(
    http: httpx.AsyncClient, operation: tuple[str, str], body: bytes, place: str, said: str
) -> None:
    key = {"Idempotency-Key": "n4bQgYhMfWWaL-qgxVrQFa"}

    response = await http.request(*operation, content=body, headers={**JSON, **key})

    problem = assert_problem(response, 422, "invalid_request")
    assert [pointer for pointer, _ in error_places(problem)] == [place]
    assert said in problem["detail"]
    assert problem["detail"] == problem["errors"][0]["message"]


@pytest.mark.usefixtures("serving")
async def test_a_byte_order_mark_is_ignored(http: httpx.AsyncClient) -> None:
    marked: list[Any] = []
    for mark in (b"", b"\xef\xbb\xbf"):
        body = mark + json.dumps({"session_id": "x"}).encode()
        response = await http.post("/v1/sessions", content=body, headers=JSON)
        marked.append(error_places(assert_problem(response, 422, "invalid_request")))

    assert marked == [[("/session_id", "invalid_format")]] * 2


@pytest.mark.parametrize(
    "path", ["/v1/sessions", "/v1/public/events/x", "/nowhere", "/healthz", "/v1/wizard?x=1"]
)
async def test_what_no_route_allows_to_be_stored_is_not(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).headers["Cache-Control"] == "no-store"
