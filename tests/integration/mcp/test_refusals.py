"""What agents are refused, and how they learn it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.mcp.results import DATA
from api.mcp.tools import NOT_OFFERED
from copilot.tools import TOOLS
from domain.json_values import JsonObject
from tests.support.agents import agent, calls_of
from tests.support.api import client_for, token
from tests.support.problem_documents import assert_problem
from tests.support.system import System
from tests.support.wizard import Wizard, untouched

ARGUMENTS: dict[str, JsonObject] = {
    "addTier": {"name": "General", "unit_amount": 0},
    "changeTier": {"tier": "General", "quantity": 1},
    "removeTier": {"tier": "General"},
    "goToStage": {"stage": "eventSetup"},
    "undoLast": {"revision": 1},
    "explainField": {"stage": "eventSetup", "pointer": "/title"},
    "fillFromText": {"text": "A pop-up on Friday"},
    "confirmPublish": {"revision": 1, "checks_digest": "0" * 32},
}
"""Of the tools that need more than a session."""

OF_A_SESSION = [tool.name for tool in TOOLS if tool.name not in {*NOT_OFFERED, "createSession"}]


async def test_another_tenants_session_is_not_found_by_any_tool(
    system: System, wizard: Wizard, user: str
) -> None:
    async with agent(system.address, token(f"eve-{user}")) as client, untouched(wizard):
        call = calls_of(client)
        for tool in OF_A_SESSION:
            arguments = ARGUMENTS.get(tool, {})
            foreign = await call(tool, session_id=wizard.session_id, **arguments)
            missing = await call(tool, session_id=str(uuid4()), **arguments)

            assert foreign == missing, tool
            assert (foreign["is_error"], foreign["code"]) == (True, "session_not_found"), tool


async def test_errors_say_which_value_and_what_to_do(
    system: System, wizard: Wizard, user: str
) -> None:
    async with agent(system.address, token(user)) as client:
        call, session = calls_of(client), wizard.session_id
        saved = await call("autosaveEventData", session_id=session, title="A", revision=0)
        unknown = await call("autosaveEventData", session_id=session, colour="red")
        terms = await call("autosaveOrganizerData", session_id=session, acceptTerms=True)
        incomplete = await call("completeOrganizerSetup", session_id=session)
        stale = await call("autosaveEventData", session_id=session, title="Show", revision=0)
        unkeyed = await call("createSession")
        checked = await call("runChecks", session_id=session)
        confirmation = {"revision": checked["revision"], "checks_digest": checked["checks_digest"]}
        blocked = await call("confirmPublish", session_id=session, **confirmation)
        forged = await call(
            "confirmPublish", session_id=session, **{**confirmation, "checks_digest": "0" * 32}
        )

    assert saved["is_error"] is False
    assert places(saved) >= {("/title", "too_short"), ("/date", "missing")}
    assert places(unknown) == {("/colour", "unknown_field")}
    assert places(terms) == {("/acceptTerms", "unknown_field")}
    assert (incomplete["code"], incomplete["status"]) == ("stage_incomplete", 422)
    assert all(error["what_to_do"] for error in incomplete["errors"])
    assert incomplete["errors"][0]["tool"] == "autosaveOrganizerData"
    assert stale["code"] == "revision_conflict"
    assert stale["session"]["revision"] == saved["revision"]
    assert stale["session"][DATA]["sections"]["event"]["title"] == "A"
    assert places(unkeyed) == {("/key", "missing")}
    assert blocked["code"] == "publish_blocked"
    assert forged["code"] == "revision_conflict"
    for refused in (unknown, terms, incomplete, stale, unkeyed, blocked, forged):
        assert refused["is_error"] is True
        assert refused["what_to_do"]


def places(result: JsonObject) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in result["errors"]}


def rpc(method: str, **params: Any) -> JsonObject:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


async def test_a_challenge_names_the_issuer_of_tokens(system: System, user: str) -> None:
    expired = token(user, exp=1)
    async with client_for(system.address, None) as http:
        anonymous = await http.post("/mcp", json=rpc("tools/list"))
        late = await http.post(
            "/mcp", json=rpc("tools/list"), headers={"Authorization": f"Bearer {expired}"}
        )
        challenge = anonymous.headers["WWW-Authenticate"]
        path = httpx.URL(challenge.partition('resource_metadata="')[2].rstrip('"')).path
        metadata = (await http.get(path)).json()

    assert_problem(anonymous, 401, "unauthenticated")
    assert_problem(late, 401, "unauthenticated")
    assert late.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token", resource_')
    assert metadata["authorization_servers"] == ["https://issuer.example"]
    assert metadata["resource"].endswith("/mcp")
    assert path == "/.well-known/oauth-protected-resource/mcp"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://app.example"}, 200),
    ],
)
async def test_other_hosts_and_origins_are_refused(
    ada: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    accept = {"Accept": "application/json, text/event-stream"}

    response = await ada.post("/mcp", json=rpc("tools/list"), headers={**accept, **headers})

    assert response.status_code == status, response.text


MALFORMED = (
    b"",
    b"{",
    b"[]",
    b'{"jsonrpc":"2.0"}',
    b'"\\ud800"',
    b"[" * 5000,
    b"1" * 9000,
    b"\xff",
)


@pytest.mark.parametrize("version", [None, "2026-07-28", "?"])
async def test_a_malformed_message_is_refused(ada: httpx.AsyncClient, version: str | None) -> None:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        **({"MCP-Protocol-Version": version} if version else {}),
    }
    for body in MALFORMED:
        response = await ada.post("/mcp", content=body, headers=headers)

        assert 400 <= response.status_code < 500, (body[:20], response.text)


async def test_a_large_message_is_refused_unread(ada: httpx.AsyncClient) -> None:
    large = rpc("tools/call", name="fillFromText", arguments={"text": "a" * 600_000})

    assert_problem(await ada.post("/mcp", json=large), 413, "payload_too_large")


async def test_there_is_no_stream_to_open(ada: httpx.AsyncClient) -> None:
    response = await ada.get("/mcp", headers={"Accept": "text/event-stream"})

    assert_problem(response, 405, "method_not_allowed")
