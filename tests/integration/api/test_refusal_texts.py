"""Every refusal has a text of the wizard, never one of pydantic."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.json_values import JsonObject
from domain.validation.texts import FIELD_ERROR_TEXTS
from tests.support.api import client_for, token
from tests.support.problem_documents import assert_problem
from tests.support.system import System
from tests.support.wizard import Wizard, start

EDGE_FUNCTION = "/functions/v1/wizard-session"
TYPED = "typed-by-ada"


def as_pattern(template: str) -> str:
    parts = re.split(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", template)
    return "[^.]+".join(map(re.escape, parts))


OURS = re.compile("|".join(map(as_pattern, FIELD_ERROR_TEXTS.values())))

REFUSED: list[tuple[str, str, JsonObject]] = [
    ("GET", "/v1/sessions", {"params": {"limit": TYPED}}),
    ("GET", "/v1/sessions", {"params": {"limit": 0}}),
    ("GET", "/v1/sessions", {"params": {"limit": 101}}),
    ("GET", "/v1/sessions", {"params": {"limit": "9" * 30}}),
    ("GET", "/v1/sessions", {"params": {"limit": "1.5"}}),
    ("GET", "/v1/sessions", {"params": {"status": TYPED}}),
    ("GET", "/v1/sessions", {"params": {"cursor": TYPED * 50}}),
    ("GET", "/v1/events", {"params": {"limit": TYPED}}),
    ("GET", "{session}", {"params": {"consistent": TYPED}}),
    ("GET", "{session}/actions", {"params": {"limit": -1}}),
    ("PATCH", f"{{session}}/stages/{TYPED}", {"json": {}}),
    ("PATCH", "{session}/stages/eventSetup", {"json": []}),
    ("PATCH", "{session}/stages/eventSetup", {"json": {TYPED: 1, "title": "\0"}}),
    ("PATCH", "{session}/stages/ticketSetup", {"json": {"tiers": [{TYPED: 1e20}]}}),
    ("PATCH", "{session}/stages/reviewPublish", {"json": {"acceptedTerms": {}}}),
    ("POST", "{session}/stages/eventSetup/complete", {"json": TYPED}),
    ("POST", "{session}/stages/eventSetup/complete", {"json": {"data": TYPED}}),
    ("POST", "{session}/stages/eventSetup/complete", {"json": {TYPED: 1}}),
    ("POST", "{session}/transition", {"json": {}}),
    ("POST", "{session}/transition", {"json": []}),
    (
        "POST",
        "{session}/transition",
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
    ),
    ("GET", "{session}", {"params": {"consistnt": True}}),
    ("GET", "{session}/checks", {"params": {"all": True}}),
    ("POST", "{session}/transition", {"json": {"from_stage": TYPED, "to_stage": 5, TYPED: 1}}),
    ("POST", "{session}/restore", {"json": {"revision": TYPED}}),
    ("POST", "{session}/restore", {"json": {"revision": -1}}),
    ("POST", "{session}/restore", {"json": {"revision": 1.5}}),
    ("POST", "{session}/restore", {"json": {"revision": None}}),
    ("POST", "{session}/restore", {"json": {"revision": 10**30}}),
    ("POST", "{session}/publish", {"json": {"publish_at": TYPED}}),
    ("POST", "{session}/publish", {"json": {"publish_at": "2031-05-09T12:00:00"}}),
    ("POST", "{session}/publish", {"json": {"publish_at": [1]}}),
    ("POST", "{session}/publish", {"json": {"publish_at": 1e300}}),
    ("POST", "{session}/payments/connect", {"json": {"return_url": TYPED, "refresh_url": 5}}),
    ("POST", "{session}/payments/connect", {"json": {"return_url": f"ftp://{TYPED}"}}),
    ("POST", "{session}/payments/connect", {"json": {"return_url": f"https://[{TYPED}"}}),
    ("POST", "/v1/sessions", {"json": {"session_id": TYPED}}),
    ("POST", "/v1/sessions", {"json": {"session_id": 5, TYPED: 1}}),
    ("POST", "/v1/sessions", {"json": TYPED}),
    ("POST", EDGE_FUNCTION, {"json": {"op": TYPED}}),
    ("POST", EDGE_FUNCTION, {"json": {"op": 5, "sessionId": TYPED, "data": TYPED}}),
    ("POST", EDGE_FUNCTION, {"json": {"op": "transition", "sessionId": "{id}", "data": None}}),
    ("POST", EDGE_FUNCTION, {"json": {"op": "transition", "sessionId": "{id}", "data": {}}}),
    (
        "POST",
        EDGE_FUNCTION,
        {"json": {"op": "update_stage_data", "sessionId": "{id}", "data": {"stage": 5}}},
    ),
]


@pytest.fixture(scope="module")
async def session(system: System) -> AsyncIterator[Wizard]:
    async with client_for(system.address, token("grace")) as http:
        yield await start(http)


@pytest.mark.parametrize(("method", "path", "sent"), REFUSED)
async def test_refusals_have_our_texts(
    session: Wizard, method: str, path: str, sent: JsonObject
) -> None:
    response = await session.http.request(
        method, path.format(session=session.path()), **with_session_id(sent, session.session_id)
    )

    refused = response.json()
    if path == EDGE_FUNCTION:
        assert (response.status_code, refused["code"]) == (400, "invalid_request")
    else:
        assert_problem(response, 422, "invalid_request")
    assert refused["errors"]
    for error in refused["errors"]:
        assert OURS.fullmatch(error["message"]), error
        assert TYPED not in error["message"]
        assert TYPED not in str(error["params"])
    assert TYPED not in refused.get("detail", refused.get("error"))


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("PUT", "/v1/sessions", 405, "PUT is not allowed on this resource."),
        ("GET", f"/v1/{TYPED}", 404, "There is nothing at this path."),
    ],
)
async def test_missing_routes_are_refused_with_our_texts(
    session: Wizard, method: str, path: str, status: int, detail: str
) -> None:
    response = await session.http.request(method, path)

    assert (response.status_code, response.json()["detail"]) == (status, detail)


def with_session_id(sent: JsonObject, session_id: str) -> dict[str, Any]:
    body = sent.get("json")
    if isinstance(body, dict) and body.get("sessionId") == "{id}":
        return {**sent, "json": {**body, "sessionId": session_id}}
    return sent
